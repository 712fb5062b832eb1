use leptos::prelude::*;

use crate::{
    sign_ins::{SignIn, SignIns},
    types::{CredentialEntry, Me},
};

use super::Listing;

/// What the list cannot show, and what ending an entry of it cannot reach.
#[component]
pub(crate) fn Unlisted(
    /// Who reads the list.
    reader: Memo<Option<Me>>,
    credentials: Listing<CredentialEntry>,
    /// Whether the page shows all entries that there are.
    complete: Signal<bool>,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let modes: Vec<_> = sign_ins.modes().into_iter().map(|info| (sign_ins.state(&info.id), info)).collect();
    let listed = Memo::new(move |_| credentials.entries().into_iter().map(|entry| entry.mode).collect::<Vec<_>>());
    // Without a row, though this browser holds a credential of it.
    let unlisted = {
        let modes = modes.clone();
        Memo::new(move |_| {
            let reader = reader.get().map(|me| me.id);
            let is_readers = |state: &SignIn| matches!(state, SignIn::SignedIn(me) if Some(&me.id) == reader.as_ref());
            let names =
                modes.iter().filter(|(state, info)| state.with(is_readers) && !listed.read().contains(&info.id));
            names.map(|(_, info)| info.name.clone()).collect::<Vec<_>>().join(" and ")
        })
    };
    let renewed = Memo::new(move |_| {
        let names = modes.iter().filter(|(_, info)| info.renews_silently && listed.read().contains(&info.id));
        names.map(|(_, info)| info.name.clone()).collect::<Vec<_>>().join(" and ")
    });
    let is_known = move || credentials.is_known() && complete.get();
    view! {
        <div class="mt-8 flex max-w-3xl flex-col gap-4 text-pretty text-muted">
        <p data-testid="unlisted">
            "This list is what the server remembers. A credential that carries everything in itself is on no list: the server \
            does not know who holds one, and cannot end one alone. "
            {move || {
                let names = unlisted.get();
                (is_known() && !names.is_empty())
                    .then(|| view! { <strong>{format!("{names}, by which you are signed in here, is of that kind.")}</strong> })
            }}
        </p>
        {move || {
            let names = renewed.get();
            (!names.is_empty()).then(|| view! {
                <p>
                    {format!("{names}: ending one stops its renewal. An access token that is out already may live out its minutes.")}
                </p>
            })
        }}
        </div>
    }
}
