use leptos::prelude::*;

use crate::types::{ModeInfo, Transport};

/// Explains how the server recognised the request.
#[component]
pub(super) fn RequestCredential(info: ModeInfo) -> impl IntoView {
    let cookie = info.cookie.unwrap_or_default();
    let body = match info.transport {
        Transport::Cookie => view! {
            <pre class="wire"><code>{format!("Cookie: {cookie}=…")}</code></pre>
            <p class="mt-3 text-pretty text-muted">
                "The browser sent this cookie automatically with the request for this page. So the server knew your name before any \
                script ran, and this page works without JavaScript. The cookie is HttpOnly: no script can read it. But the browser \
                may also send it with requests that another site causes (CSRF), so the server checks the origin of every change."
            </p>
        }
        .into_any(),
        Transport::Bearer => view! {
            <pre class="wire"><code>"Authorization: Bearer …"</code></pre>
            <p class="mt-3 text-pretty text-muted">
                "A script in this tab added this header. A page request has no such header, so the server rendered a placeholder and \
                the script filled it in. Another site cannot make your browser send the header, but a script injected into this \
                page (XSS) can."
            </p>
            {info.renews_silently.then(|| view! {
                <p class="mt-3 text-pretty text-muted">
                    "The refresh token is in the cookie "
                    <code>{cookie}</code>
                    ", which no script can read. With it, the page gets the next access token shortly before this one expires, and \
                    after a reload. The server reads this cookie only when you log in with this mode, and to renew, replace or end a sign-in of it."
                </p>
            })}
        }
        .into_any(),
    };
    view! {
        <section class="block-section max-w-3xl" aria-labelledby="carried">
            <h2 id="carried" class="section-title">"What this request sent"</h2>
            {body}
        </section>
    }
}
