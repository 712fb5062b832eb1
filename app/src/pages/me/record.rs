use leptos::{prelude::*, task::spawn_local};

use crate::{
    client::SignIns,
    components::{Instant, Listed, Listing, Remaining, RenderedList, ends_if_not_used, signed_in_user},
    types::{CredentialEntry, ModeInfo},
    user_agent,
};

use super::fact::Fact;

/// What the server stores about this sign-in.
#[component]
pub(super) fn Record(info: ModeInfo) -> impl IntoView {
    if info.remembers {
        view! { <Row info /> }.into_any()
    } else {
        view! {
            <p class="mt-3 text-pretty text-muted">
                "The server stores no row for this sign-in. For all sign-ins of this mode it stores:"
            </p>
            <p class="mt-3 text-pretty">{info.server_holds}</p>
        }
        .into_any()
    }
}

/// The row of this sign-in, from the list of the account's sign-ins.
#[component]
fn Row(info: ModeInfo) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let user = signed_in_user(&info.id);
    let (mode, renews) = (info.id.clone(), info.renews_silently);
    let own = Listing::new(&info.id, RenderedList::credentials(), move || {
        let mode = mode.clone();
        async move { sign_ins.credentials(&mode, None).await.map(CredentialEntry::own) }
    });
    // A rotation moves the dates of the row.
    Effect::new(move |earlier: Option<Option<i64>>| {
        let generation = user.with(|me| me.as_ref().map(|me| me.auth.generation));
        if let Some(Some(earlier)) = earlier
            && generation.is_some_and(|generation| generation != earlier)
        {
            spawn_local(own.reload());
        }
        generation
    });
    let not_listed = "It is not among the latest sign-ins of this account. The account page lists the others.";
    view! {
        <Listed listing=own empty=not_listed>
            <p class="mt-3 text-pretty text-muted">
                "One row in the database, which the server finds by the credential. It stores no copy of the credential itself."
            </p>
            {move || own.entries().into_iter().map(|entry| view! { <Entry entry renews /> }).collect_view()}
        </Listed>
    }
}

#[component]
fn Entry(
    entry: CredentialEntry,
    /// The row and the credential have different first ends.
    renews: bool,
) -> impl IntoView {
    let CredentialEntry { id, created_at, last_seen_at, expires_at, user_agent, address, .. } = entry;
    let (record, program) = (id.clone(), user_agent::in_words(&user_agent));
    view! {
        <dl class="facts" data-record=record>
            <Fact term="Sign-in id"><code>{id}</code></Fact>
            <Fact term="Signed in"><Instant at=created_at /></Fact>
            <Fact term="Last seen"><Instant at=last_seen_at /></Fact>
            {renews.then(|| view! { <Fact term=ends_if_not_used()><Remaining until=expires_at /></Fact> })}
            <Fact term="Program">
                {program}
                <span class="hint block">{user_agent}</span>
            </Fact>
            <Fact term="Address">{if address.is_empty() { "Unknown".to_owned() } else { address }}</Fact>
        </dl>
    }
}
