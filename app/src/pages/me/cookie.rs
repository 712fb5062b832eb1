use leptos::{prelude::*, task::spawn_local};

use crate::{client::SignIns, types::ModeInfo};

use super::fact::Fact;

/// The name prefix that makes a browser refuse a cookie with a `Domain`, without `Secure` or with another path
/// (RFC 6265bis, 4.1.3.2).
const HOST_PREFIX: &str = "__Host-";

/// Describes the cookie. No script can read its value, and the server does not send it to the page either.
#[component]
pub(super) fn CookieCredential(info: ModeInfo) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let bytes = sign_ins.cookie_bytes(&info.id);
    // The server knows the length from the page request. After a login or a rotation by a script, ask it again.
    Effect::new(move || {
        if bytes.get().is_none() {
            spawn_local(sign_ins.measure_cookies());
        }
    });
    let length = move || match bytes.get() {
        Some(bytes) => format!("{bytes} bytes"),
        None => "unknown length".to_owned(),
    };
    let name = info.cookie.unwrap_or_default();
    let host_only = name.starts_with(HOST_PREFIX);
    let attributes = info.cookie_attributes.into_iter().map(|attribute| {
        let meaning = meaning(&attribute);
        view! { <li><code>{attribute}</code>{meaning}</li> }
    });
    view! {
        <p class="mt-3 text-pretty text-muted">
            "The browser keeps it as a cookie. The cookie is HttpOnly, so this page cannot read its value."
        </p>
        <dl class="facts">
            <Fact term="Name"><code>{name}</code></Fact>
            <Fact term="Value">
                <span data-testid="cookie-length" class="tabular-nums">{length}</span>
                ", as the server received it"
            </Fact>
            <Fact term="Attributes">
                <ul class="attributes">
                    {attributes.collect_view()}
                    {host_only.then(|| view! {
                        <li>
                            "No "
                            <code>"Domain"</code>
                            ": for this host only, without its subdomains. The prefix "
                            <code>{HOST_PREFIX}</code>
                            " of the name makes the browser enforce this."
                        </li>
                    })}
                </ul>
            </Fact>
            <Fact term="Where to see it">
                "Chromium: F12 → Application → Cookies. Firefox: F12 → Storage → Cookies. You can read the value there, \
                scripts cannot."
            </Fact>
        </dl>
    }
}

/// What an attribute of `Set-Cookie` does.
fn meaning(attribute: &str) -> &'static str {
    match attribute {
        "HttpOnly" => ": no script can read it.",
        "Secure" => ": sent over HTTPS only (and to localhost).",
        "SameSite=Lax" => {
            ": forms and scripts of other sites do not make the browser send it. A link on another site does."
        }
        "Path=/" => ": sent with every request to this host.",
        _ => "",
    }
}
