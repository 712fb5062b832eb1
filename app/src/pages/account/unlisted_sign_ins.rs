use leptos::prelude::*;

use crate::{
    client::{SignIn, SignIns},
    components::Listing,
    types::{CredentialEntry, Me},
};

/// The limits of the list: sign-ins that it cannot show, and tokens that ending an entry does not stop.
#[component]
pub(crate) fn UnlistedSignIns(
    /// The signed-in user.
    user: Memo<Option<Me>>,
    credentials: Listing<CredentialEntry>,
    /// Whether the page shows all entries.
    complete: Signal<bool>,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let modes: Vec<_> = sign_ins.modes().into_iter().map(|info| (sign_ins.state(&info.id), info)).collect();
    let listed = Memo::new(move |_| credentials.entries().into_iter().map(|entry| entry.mode).collect::<Vec<_>>());
    // Modes in which this browser is signed in, but which have no row.
    let unlisted = {
        let modes = modes.clone();
        Memo::new(move |_| {
            let user = user.get().map(|me| me.id);
            let is_of_user = |state: &SignIn| matches!(state, SignIn::SignedIn(me) if Some(&me.id) == user.as_ref());
            let names =
                modes.iter().filter(|(state, info)| state.with(is_of_user) && !listed.read().contains(&info.id));
            names.map(|(_, info)| info.name.clone()).collect::<Vec<_>>().join(" and ")
        })
    };
    let rowless: Vec<_> = modes.iter().filter(|(_, info)| !info.remembers).map(|(_, info)| info.name.clone()).collect();
    let rowless = rowless.join(" and ");
    let renewed = Memo::new(move |_| {
        let names = modes.iter().filter(|(_, info)| info.renews_silently && listed.read().contains(&info.id));
        names.map(|(_, info)| info.name.clone()).collect::<Vec<_>>().join(" and ")
    });
    let is_known = move || credentials.is_known() && complete.get();
    view! {
        <div class="mt-8 flex max-w-3xl flex-col gap-4 text-pretty text-muted">
        <p data-testid="unlisted">
            "This list shows the sign-ins for which the server stores a row. "
            {(!rowless.is_empty()).then(|| format!(
                "A sign-in with {rowless} has no row: the server does not know how many exist, and it cannot end a single one. ",
            ))}
            {move || {
                let names = unlisted.get();
                (is_known() && !names.is_empty())
                    .then(|| view! { <strong>{format!("Your sign-in here with {names} is not on the list.")}</strong> })
            }}
        </p>
        {move || {
            let names = renewed.get();
            (!names.is_empty()).then(|| view! {
                <p>
                    {format!("{names}: ending a sign-in stops its renewal. An access token that was already issued may stay valid until it expires.")}
                </p>
            })
        }}
        </div>
    }
}
