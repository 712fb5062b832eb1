use leptos::prelude::*;

use crate::{
    client::{SignIns, Token, TokenStore},
    components::signed_in_user,
    types::ModeInfo,
};

use super::claims::claims; // mode: jwt

/// The bearer token, behind a button: a token on the screen can be photographed, and every script can read the page.
#[component]
pub(super) fn TokenCredential(info: ModeInfo) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let shown = RwSignal::new(None::<Token>);
    let (user, now) = (signed_in_user(&info.id), sign_ins.now());
    let id = info.id.clone();
    let held = move || sign_ins.held_token(&id);
    let still_held = held.clone();
    // Remove a token that is no longer the current one. Another tab, or a renewal before any call, may replace it
    // without a change of the user, so check each second, too.
    Effect::new(move || {
        user.track();
        now.track();
        let is_stale = shown.with_untracked(|shown| shown.is_some() && *shown != still_held());
        if is_stale {
            shown.set(None);
        }
    });
    let toggle = move |_| shown.set(if shown.with_untracked(Option::is_none) { held() } else { None });
    let is_shown = move || shown.with(Option::is_some);
    view! {
        <p class="mt-3 text-pretty text-muted"><Place info /></p>
        <button
            type="button"
            class="button quiet mt-5"
            aria-expanded=move || is_shown().to_string()
            aria-controls="token"
            on:click=toggle
        >
            {move || if is_shown() { "Hide the token" } else { "Show the token" }}
        </button>
        <div id="token">
            {move || shown.get().map(|token| view! {
                <pre class="wire whitespace-pre-wrap break-all"><code data-testid="token">{token.reveal().to_owned()}</code></pre>
                <p class="hint mt-3">"Treat it like a password: everyone who has it is signed in as you until it ends."</p>
                {claims(&token)} // mode: jwt
            })}
        </div>
    }
}

/// Where the page keeps the token.
#[component]
fn Place(info: ModeInfo) -> impl IntoView {
    if info.renews_silently {
        return view! {
            "The access token is in this page's memory. The refresh token is in the HttpOnly cookie "
            <code>{info.cookie}</code>
            ", which no script can read."
        }
        .into_any();
    }
    let store = expect_context::<SignIns>().token_store();
    let place = move || match store.get() {
        TokenStore::Memory => "The token is in this page's memory: a reload deletes it.",
        TokenStore::SessionStorage => {
            "The token is in the session storage of this tab: it survives a reload, and every script of this origin can read it."
        }
        TokenStore::LocalStorage => {
            "The token is in the local storage of this browser: all tabs share it, and every script of this origin can read it."
        }
    };
    view! { {place} }.into_any()
}
