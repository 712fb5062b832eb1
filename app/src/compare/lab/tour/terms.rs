//! The terms of the lab, each with its source.

use leptos::prelude::*;

use crate::{compare::lab::text::Text, locale::tr};

struct Term {
    name: Text,
    meaning: Text,
    source: Text,
    address: &'static str,
}

const TERMS: [Term; 10] = [
    Term {
        name: Text::fixed("Absolute end", "절대 만료"),
        meaning: Text::fixed(
            "The instant at which a sign-in ends, however busy it is. Only a new login moves it.",
            "아무리 활발히 사용해도 로그인이 끝나는 시각입니다. 새 로그인만 이 시각을 옮깁니다.",
        ),
        source: Text::name("OWASP ASVS 5.0, 7.3.2"),
        address: "https://github.com/OWASP/ASVS/tree/v5.0.0/5.0/en",
    },
    Term {
        name: Text::fixed("Access token, refresh token", "액세스 토큰, 리프레시 토큰"),
        meaning: Text::fixed(
            "The first one opens resources, for minutes. The second one only gets the next pair.",
            "액세스 토큰으로 몇 분 동안 리소스에 접근할 수 있습니다. 리프레시 토큰은 다음 한 쌍을 받는 데만 쓰입니다.",
        ),
        source: Text::fixed("RFC 6749, 1.4 and 1.5", "RFC 6749, 1.4와 1.5"),
        address: "https://www.rfc-editor.org/rfc/rfc6749#section-1.4",
    },
    Term {
        name: Text::fixed("Bearer token", "베어러 토큰"),
        meaning: Text::fixed(
            "Any party that has it can use it. Nothing else is asked for.",
            "가진 사람은 누구나 사용할 수 있습니다. 다른 것은 묻지 않습니다.",
        ),
        source: Text::name("RFC 6750, 1.2"),
        address: "https://www.rfc-editor.org/rfc/rfc6750#section-1.2",
    },
    Term {
        name: Text::fixed("Claim", "클레임"),
        meaning: Text::fixed(
            "A member of a signed token, such as exp. Every holder can read it.",
            "exp처럼 서명된 토큰에 들어 있는 항목입니다. 토큰을 가진 사람은 누구나 읽을 수 있습니다.",
        ),
        source: Text::name("RFC 7519, 4"),
        address: "https://www.rfc-editor.org/rfc/rfc7519#section-4",
    },
    Term {
        name: Text::fixed("Epoch", "에포크"),
        meaning: Text::fixed(
            "A number of the account that each sign-in repeats. Raising it ends all of them in one statement.",
            "계정의 번호이며, 로그인마다 이 번호를 적어 둡니다. 번호를 올리면 SQL 문 하나로 모든 로그인이 끝납니다.",
        ),
        source: Text::fixed("this project", "이 프로젝트"),
        address: "/lab#bench",
    },
    Term {
        name: Text::name("Fetch Metadata"),
        meaning: Text::fixed(
            "Headers in which the browser says which page caused a request. No script can set them.",
            "어느 페이지가 요청을 일으켰는지 브라우저가 알리는 헤더입니다. 스크립트는 이 헤더를 설정할 수 없습니다.",
        ),
        source: Text::name("W3C Fetch Metadata"),
        address: "https://www.w3.org/TR/fetch-metadata/",
    },
    Term {
        name: Text::name("HttpOnly, SameSite"),
        meaning: Text::fixed(
            "Attributes of a cookie: no script can read it; the browser adds it for no other site.",
            "쿠키의 속성입니다. 스크립트가 쿠키를 읽을 수 없고, 브라우저가 다른 사이트의 요청에 쿠키를 붙이지 않습니다.",
        ),
        source: Text::name("RFC 6265bis, 5.6"),
        address: "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis",
    },
    Term {
        name: Text::name("p99"),
        meaning: Text::fixed(
            "99 of 100 requests are at most as slow as this. The median says 50 of 100.",
            "요청 100개 중 99개는 이 시간을 넘지 않습니다. 중앙값은 100개 중 50개의 기준입니다.",
        ),
        source: Text::name("docs/performance.md"),
        address: "/lab#comparison",
    },
    Term {
        name: Text::fixed("Rotation with reuse detection", "재사용을 탐지하는 회전"),
        meaning: Text::fixed(
            "Each refresh token is good for one use. The second use shows that two parties have it, so the sign-in ends.",
            "리프레시 토큰은 한 번만 사용할 수 있습니다. 두 번째 사용은 둘이 같은 토큰을 가졌다는 뜻이므로 로그인이 끝납니다.",
        ),
        source: Text::name("RFC 9700, 4.14.2"),
        address: "https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2",
    },
    Term {
        name: Text::fixed("Session fixation", "세션 고정"),
        meaning: Text::fixed(
            "The attacker knows the session id before the user logs in with it. A login that issues a new id prevents it.",
            "사용자가 어떤 세션 id로 로그인하기 전에 공격자가 그 id를 이미 알고 있습니다. 로그인할 때 새 id를 발급하면 막을 수 있습니다.",
        ),
        source: Text::name("OWASP ASVS 5.0, 7.2.4"),
        address: "https://github.com/OWASP/ASVS/tree/v5.0.0/5.0/en",
    },
];

pub(super) fn terms() -> impl IntoView {
    let all = TERMS.map(|Term { name, meaning, source, address }| {
        view! {
            <div>
                <dt class="font-medium">{name.shown()}</dt>
                <dd class="text-muted text-pretty">
                    {meaning.shown()} " (" <a class="link" href=address>{source.shown()}</a> ")"
                </dd>
            </div>
        }
    });
    view! {
        <section class="block-section" aria-labelledby="terms">
            <h2 id="terms" class="section-title">{tr("Terms", "용어")}</h2>
            <dl class="mt-5 grid gap-5 md:grid-cols-2">{all.collect_view()}</dl>
        </section>
    }
}
