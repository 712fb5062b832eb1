use leptos::prelude::*;

use crate::{
    client::{SignIn, SignIns},
    types::{Me, ModeInfo, Transport},
};

use super::{AfterLogout, BearerPlaceholder, Ends, Instant, KeyIcon, SignInStatus};

/// A region of a page for one mode: its key, name and transport, and the page's own content.
#[component]
pub(crate) fn ModeRegion(position: usize, info: ModeInfo, children: Children) -> impl IntoView {
    let status = SignInStatus::of(&info.id);
    let heading = format!("mode-{}", info.id);
    let id = heading.clone();
    let (transport, title) = match info.transport {
        Transport::Cookie => ("Cookie", "The browser sends the credential automatically"),
        Transport::Bearer => ("Bearer", "A script or program sends the credential in the Authorization header"),
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

/// This browser's sign-in of one mode, or the last logout.
#[component]
pub(crate) fn ModeState(info: ModeInfo) -> impl IntoView {
    let state = expect_context::<SignIns>().state(&info.id);
    let renews = info.renews_silently;
    view! {
        <div class="mode-state">
            {move || match state.get() {
                SignIn::Unknown => view! { <BearerPlaceholder /> }.into_any(),
                SignIn::Unanswered { error } => {
                    view! {
                        <p class="font-medium text-muted">"Not known yet"</p>
                        <p class="mt-1 text-sm text-muted">{error}</p>
                    }
                        .into_any()
                }
                SignIn::SignedOut { reason } => {
                    view! {
                        <p class="font-medium text-muted">"Signed out"</p>
                        {reason.map(|reason| view! { <p class="mt-1 text-sm text-muted">{reason}</p> })}
                    }
                        .into_any()
                }
                SignIn::SignedIn(me) => view! { <Held me renews /> }.into_any(),
            }}
            <AfterLogout info />
        </div>
    }
}

/// A live sign-in: user, dates and generation.
#[component]
fn Held(me: Me, renews: bool) -> impl IntoView {
    let Me { username, auth, .. } = me;
    view! {
        <p class="font-medium">"Signed in as " <strong class="text-accent wrap-anywhere">{username}</strong></p>
        <dl class="card-facts">
            <div>
                <dt class="term">"Credential issued"</dt>
                <dd><Instant at=auth.issued_at /></dd>
            </div>
            <Ends auth renews />
            <div>
                <dt class="term">"Generation"</dt>
                <dd data-testid="generation" class="tabular-nums">{auth.generation}</dd>
            </div>
        </dl>
    }
}
