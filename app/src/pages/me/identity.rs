use leptos::prelude::*;

use crate::{
    components::{Instant, Remaining, signed_in_user},
    types::{Me, ModeInfo},
};

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
                    <Row term="Username"><strong class="text-accent wrap-anywhere">{username}</strong></Row>
                    <Row term="Role">{role.as_str()}</Row>
                    <Row term="Id"><code class="break-all">{id}</code></Row>
                    <Row term="Mode">{name}</Row>
                    <Row term="Issued"><Instant at=auth.issued_at /></Row>
                    <Row term=first_end>
                        <Remaining until=auth.expires_at />
                        <span class="hint block">{note}</span>
                    </Row>
                    <Row term="Sign-in until">
                        <Remaining until=auth.absolute_expires_at />
                        <span class="hint block">"at the latest: nothing moves this end"</span>
                    </Row>
                    <Row term="Generation">
                        <span data-testid="generation" class="tabular-nums">{auth.generation}</span>
                    </Row>
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

#[component]
fn Row(term: &'static str, children: Children) -> impl IntoView {
    view! {
        <div>
            <dt class="term">{term}</dt>
            <dd class="mt-1">{children()}</dd>
        </div>
    }
}
