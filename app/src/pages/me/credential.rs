use leptos::prelude::*;

use crate::types::{ModeInfo, Transport};

use super::{cookie::CookieCredential, record::Record, token::TokenCredential};

/// What this browser holds, and beside it what the server holds.
#[component]
pub(super) fn Credential(info: ModeInfo) -> impl IntoView {
    let held = match info.transport {
        Transport::Cookie => view! { <CookieCredential info=info.clone() /> }.into_any(),
        Transport::Bearer => view! { <TokenCredential info=info.clone() /> }.into_any(),
    };
    view! {
        <div class="both-sides">
            <section aria-labelledby="your-credential">
                <h2 id="your-credential" class="section-title">"Your credential"</h2>
                {held}
            </section>
            <section aria-labelledby="server-record">
                <h2 id="server-record" class="section-title">"The server's record"</h2>
                <Record info />
            </section>
        </div>
    }
}
