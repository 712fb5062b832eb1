use leptos::prelude::*;

use crate::{
    components::{Instant, Remaining, signed_in_user},
    types::{Me, ModeInfo},
};

use super::fact::Fact;

/// The answer to `GET /api/{mode}/me`.
#[component]
pub(super) fn Identity(info: ModeInfo) -> impl IntoView {
    let me = signed_in_user(&info.id);
    let (name, renews) = (info.name, info.renews_silently);
    move || {
        me.get().map(|Me { id, username, role, auth, .. }| {
            let name = name.clone();
            let (first_end, note) = first_end(renews);
            view! {
                <dl class="identity">
                    <Fact term="Username"><strong class="text-accent wrap-anywhere">{username}</strong></Fact>
                    <Fact term="Role">{role.as_str()}</Fact>
                    <Fact term="Id"><code class="break-all">{id}</code></Fact>
                    <Fact term="Mode">{name}</Fact>
                    <Fact term="Issued"><Instant at=auth.issued_at /></Fact>
                    <Fact term=first_end>
                        <Remaining until=auth.expires_at />
                        <span class="hint block">{note}</span>
                    </Fact>
                    <Fact term="Sign-in until">
                        <Remaining until=auth.absolute_expires_at />
                        <span class="hint block">"at the latest: nothing moves this end"</span>
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
        ("Access token until", "renewed automatically while this page is open")
    } else {
        ("Ends without use", "each use may move this end")
    }
}
