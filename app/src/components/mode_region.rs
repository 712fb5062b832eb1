use leptos::prelude::*;

use crate::types::{ModeInfo, Transport};

use super::{KeyIcon, SignInStatus};

/// A region of a page for one mode: its key, name and transport, and the page's own content.
#[component]
pub(crate) fn ModeRegion(position: usize, info: ModeInfo, children: Children) -> impl IntoView {
    let status = SignInStatus::of(&info.id);
    let heading = format!("mode-{}", info.id);
    let id = heading.clone();
    let (transport, title) = match info.transport {
        Transport::Cookie => ("Cookie", "The browser sends the credential automatically"),
        Transport::Bearer => ("Bearer", "A program sends the credential in the Authorization header"),
    };
    view! {
        <section
            class="mode-region"
            aria-labelledby=heading
            data-mode=info.id.to_string()
            data-state=move || status.get().as_str()
        >
            <header class="mode-head">
                <KeyIcon position />
                <h2 id=id class="text-xl font-semibold tracking-tight">{info.name}</h2>
                <span class="badge" title=title>{transport}</span>
            </header>
            {children()}
        </section>
    }
}
