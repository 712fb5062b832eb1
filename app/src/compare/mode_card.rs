use leptos::prelude::*;

use crate::{
    client::{OldToken, Scope, SignIns, TokenStore},
    components::{Hydrated, LogOutButton, ModeRegion, ModeState, RotateButton, SignInStatus},
    types::{ModeInfo, Transport},
};

/// One mode on the home page: its sign-in, its actions, and its answers. A home page with one mode has it, too.
#[component]
pub(crate) fn ModeCard(position: usize, info: ModeInfo) -> impl IntoView {
    // Only a bearer token that cannot be renewed must be stored by the page, so only there the user chooses the place.
    let kept_by_page = info.transport == Transport::Bearer && !info.renews_silently;
    view! {
        <ModeRegion position info=info.clone()>
            <ModeState info=info.clone() />
            <Actions info=info.clone() />
            <ModeAnswers info />
            {kept_by_page.then(|| view! { <StorageChoice /> })}
        </ModeRegion>
    }
}

#[component]
fn Actions(info: ModeInfo) -> impl IntoView {
    let status = SignInStatus::of(&info.id);
    let log_in = format!("/login?mode={}&next=/", info.id);
    let open = format!("/me/{}", info.id);
    let account = format!("/account/{}", info.id);
    let text = format!("Log in ({})", info.name); // part: comparison
    // one mode: let text = "Log in".to_owned();
    view! {
        <div class="actions">
            {move || match status.get() {
                SignInStatus::Unknown => ().into_any(),
                SignInStatus::SignedOut => {
                    view! { <a class="button" href=log_in.clone()>{text.clone()}</a> }.into_any()
                }
                SignInStatus::SignedIn => {
                    view! {
                        <a class="button" href=open.clone()>"Open /me"</a>
                        <a class="button quiet" href=account.clone()>"Account"</a>
                        <RotateButton info=info.clone() next="/" />
                        <LogOutButton info=info.clone() scope=Scope::Here label="Log out" old_token=OldToken::Keep />
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// The answers of the mode about itself.
#[component]
fn ModeAnswers(info: ModeInfo) -> impl IntoView {
    let answers = [
        ("The browser holds", info.client_holds),
        ("The server holds", info.server_holds),
        ("A request costs", info.request_costs),
        ("Ended by", info.ended_by),
        ("An injected script", info.injected_script),
        ("Another site", info.other_site),
        ("Choose it when", info.choose_when), // part: comparison
    ];
    view! {
        <dl class="answers">
            {answers
                .into_iter()
                .map(|(question, answer)| {
                    view! {
                        <div>
                            <dt class="term">{question}</dt>
                            <dd class="mt-1 text-pretty">{answer}</dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
}

/// The three places, with the consequences of each.
const PLACES: [(TokenStore, &str, &str); 3] = [
    (
        TokenStore::Memory,
        "Memory",
        "A reload deletes it. An injected script can use it while the page is open, and finds nothing later.",
    ),
    (
        TokenStore::SessionStorage,
        "Session storage",
        "A reload keeps it; closing the tab deletes it. Every script on this origin can read it.",
    ),
    (
        TokenStore::LocalStorage,
        "Local storage",
        "All tabs share it, and it survives a restart of the browser. Every script on this origin can read it at any later time.",
    ),
];

/// The choice where the page stores a bearer token. Each place has a drawback, so the user chooses and reads the
/// consequences.
#[component]
fn StorageChoice() -> impl IntoView {
    let hydrated = expect_context::<Hydrated>();
    let store = expect_context::<SignIns>().token_store();
    let consequence = move || PLACES.iter().find(|(place, ..)| *place == store.get()).map(|(.., text)| *text);
    view! {
        <fieldset class="scripted border-t border-line pt-4" aria-describedby="store-consequence" disabled=move || !hydrated.get()>
            <legend class="term float-left mb-1 w-full">"Store the token in"</legend>
            {PLACES
                .into_iter()
                .map(|(place, label, _)| {
                    view! {
                        <label class="radio-line clear-both">
                            <input
                                type="radio"
                                name="token-store"
                                checked=store.get_untracked() == place
                                prop:checked=move || store.get() == place
                                on:change=move |_| store.set(place)
                            />
                            {label}
                        </label>
                    }
                })
                .collect_view()}
            <p id="store-consequence" class="mt-1 text-sm text-muted">{consequence}</p>
        </fieldset>
    }
}
