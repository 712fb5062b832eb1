use leptos::prelude::*;

use crate::types::{ModeInfo, Transport};

/// How the server knew who asked.
#[component]
pub(crate) fn Carried(info: ModeInfo) -> impl IntoView {
    let cookie = info.cookie.unwrap_or_default();
    let body = match info.transport {
        Transport::Cookie => view! {
            <pre class="wire"><code>{format!("Cookie: {cookie}=…")}</code></pre>
            <p class="mt-3 text-pretty text-muted">
                "The browser attached it by itself, to the request for this very page. So the server knew your name before any \
                script ran, and this page works without one. It is HttpOnly: no script can read it. But what is sent by itself \
                is also sent when another site asks for it, so the server checks where each change comes from."
            </p>
        }
        .into_any(),
        Transport::Bearer => view! {
            <pre class="wire"><code>"Authorization: Bearer …"</code></pre>
            <p class="mt-3 text-pretty text-muted">
                "A script in this tab put it there. Opening a page carries no such header, so the server sent a placeholder, and \
                the script filled it in. Another site cannot make your browser send it. But a script that breaks in here can."
            </p>
            {info.renews_silently.then(|| view! {
                <p class="mt-3 text-pretty text-muted">
                    "Beside it lies the refresh token in the cookie "
                    <code>{cookie}</code>
                    ", which no script can read and which is sent to the addresses of this mode alone. It fetches the next \
                    access token shortly before this one expires, and after a reload."
                </p>
            })}
        }
        .into_any(),
    };
    view! {
        <section class="block-section max-w-3xl" aria-labelledby="carried">
            <h2 id="carried" class="section-title">"What this request carried"</h2>
            {body}
        </section>
    }
}
