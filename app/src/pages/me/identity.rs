use leptos::prelude::*;

use crate::{
    components::{Instant, Remaining, access_token_until, ends_at_the_latest, ends_if_not_used},
    types::Me,
};

use super::fact::Fact;

/// The answer to `GET /api/{mode}/me`.
#[component]
pub(super) fn Identity(
    /// The signed-in user.
    user: Memo<Option<Me>>,
    /// The browser renews the credential without the user.
    renews: bool,
) -> impl IntoView {
    let (first_end, note) = first_end(renews);
    move || {
        user.get().map(|Me { id, username, role, auth, .. }| {
            view! {
                <dl class="identity">
                    <Fact term="Username"><strong class="text-accent wrap-anywhere">{username}</strong></Fact>
                    <Fact term="Role">{role.as_str()}</Fact>
                    <Fact term="Account id"><code>{id}</code></Fact>
                    <Fact term="Issued"><Instant at=auth.issued_at /></Fact>
                    <Fact term=first_end>
                        <Remaining until=auth.expires_at />
                        <span class="hint block">{note}</span>
                    </Fact>
                    <Fact term=ends_at_the_latest()>
                        <Remaining until=auth.absolute_expires_at />
                        <span class="hint block">"nothing moves this end"</span>
                    </Fact>
                    <Fact term="Generation">
                        <span data-testid="generation" class="tabular-nums">{auth.generation}</span>
                    </Fact>
                </dl>
            }
        })
    }
}

/// The term of the first end, and how it moves.
fn first_end(renews: bool) -> (&'static str, &'static str) {
    if renews {
        (access_token_until(), "renewed automatically while this page is open")
    } else {
        (ends_if_not_used(), "each use may move this end")
    }
}
