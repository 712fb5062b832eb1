use leptos::prelude::*;

use crate::types::{ModeInfo, Transport};

use super::{cookie::CookieCredential, record::Record, request::RequestCredential, token::TokenCredential};

/// What this browser holds, beside it what the server holds, and what the request carried.
#[component]
pub(super) fn Credential(info: ModeInfo) -> impl IntoView {
    let held = match info.transport {
        Transport::Cookie => view! { <CookieCredential info=info.clone() /> }.into_any(),
        Transport::Bearer => view! { <TokenCredential info=info.clone() /> }.into_any(),
    };
    let by_cookie = info.transport == Transport::Cookie;
    let request = view! { <RequestCredential info=info.clone() /> };
    // The description of a cookie is longer than the record beside it. The button of a token is shorter.
    let (beside, below) = if by_cookie { (Some(request), None) } else { (None, Some(request)) };
    view! {
        <div class="both-sides">
            <section aria-labelledby="your-credential">
                <h2 id="your-credential" class="section-title">"Your credential"</h2>
                {held}
            </section>
            <div>
                <section aria-labelledby="server-record">
                    <h2 id="server-record" class="section-title">"The server's record"</h2>
                    <Record info />
                </section>
                {beside}
            </div>
        </div>
        {below}
    }
}
