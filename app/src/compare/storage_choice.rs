use leptos::prelude::*;

use crate::{
    client::{SignIns, TokenStore},
    components::Hydrated,
};

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
pub(crate) fn StorageChoice() -> impl IntoView {
    let hydrated = expect_context::<Hydrated>();
    let store = expect_context::<SignIns>().token_store();
    let consequence = move || PLACES.iter().find(|(place, ..)| *place == store.get()).map(|(.., text)| *text);
    view! {
        <fieldset class="border-t border-line pt-4" aria-describedby="store-consequence" disabled=move || !hydrated.get()>
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
