//! The terms of the lab, each with its source.

use leptos::prelude::*;

struct Term {
    name: &'static str,
    meaning: &'static str,
    source: &'static str,
    address: &'static str,
}

const TERMS: [Term; 10] = [
    Term {
        name: "Absolute end",
        meaning: "The instant at which a sign-in ends, however busy it is. Only a new login moves it.",
        source: "OWASP ASVS 5.0, 7.3.2",
        address: "https://github.com/OWASP/ASVS/tree/v5.0.0/5.0/en",
    },
    Term {
        name: "Access token, refresh token",
        meaning: "The first one opens resources, for minutes. The second one only gets the next pair.",
        source: "RFC 6749, 1.4 and 1.5",
        address: "https://www.rfc-editor.org/rfc/rfc6749#section-1.4",
    },
    Term {
        name: "Bearer token",
        meaning: "Any party that has it can use it. Nothing else is asked for.",
        source: "RFC 6750, 1.2",
        address: "https://www.rfc-editor.org/rfc/rfc6750#section-1.2",
    },
    Term {
        name: "Claim",
        meaning: "A member of a signed token, such as exp. Every holder can read it.",
        source: "RFC 7519, 4",
        address: "https://www.rfc-editor.org/rfc/rfc7519#section-4",
    },
    Term {
        name: "Epoch",
        meaning: "A number of the account that each sign-in repeats. Raising it ends all of them in one statement.",
        source: "this project",
        address: "/lab#bench",
    },
    Term {
        name: "Fetch Metadata",
        meaning: "Headers in which the browser says which page caused a request. No script can set them.",
        source: "W3C Fetch Metadata",
        address: "https://www.w3.org/TR/fetch-metadata/",
    },
    Term {
        name: "HttpOnly, SameSite",
        meaning: "Attributes of a cookie: no script can read it; the browser adds it for no other site.",
        source: "RFC 6265bis, 5.6",
        address: "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis",
    },
    Term {
        name: "p99",
        meaning: "99 of 100 requests are at most as slow as this. The median says 50 of 100.",
        source: "docs/performance.md",
        address: "/lab#comparison",
    },
    Term {
        name: "Rotation with reuse detection",
        meaning: "Each refresh token is good for one use. The second use shows that two parties have it, so the sign-in ends.",
        source: "RFC 9700, 4.14.2",
        address: "https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2",
    },
    Term {
        name: "Session fixation",
        meaning: "The attacker knows the session id before the user logs in with it. A login that issues a new id prevents it.",
        source: "OWASP ASVS 5.0, 7.2.4",
        address: "https://github.com/OWASP/ASVS/tree/v5.0.0/5.0/en",
    },
];

pub(super) fn terms() -> impl IntoView {
    let all = TERMS.map(|Term { name, meaning, source, address }| {
        view! {
            <div>
                <dt class="font-medium">{name}</dt>
                <dd class="text-muted text-pretty">
                    {meaning} " (" <a class="link" href=address>{source}</a> ")"
                </dd>
            </div>
        }
    });
    view! {
        <section class="block-section" aria-labelledby="terms">
            <h2 id="terms" class="section-title">"Terms"</h2>
            <dl class="mt-5 grid gap-5 md:grid-cols-2">{all.collect_view()}</dl>
        </section>
    }
}
