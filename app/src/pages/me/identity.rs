use leptos::prelude::*;

use crate::{
    components::{ACCESS_TOKEN_UNTIL, ENDS_AT_THE_LATEST, ENDS_IF_NOT_USED, Instant, Remaining},
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
                    <Fact term=ENDS_AT_THE_LATEST>
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
        (ACCESS_TOKEN_UNTIL, "renewed automatically while this page is open")
    } else {
        (ENDS_IF_NOT_USED, "each use may move this end")
    }
}
