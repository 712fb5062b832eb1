use leptos::prelude::*;

use crate::{
    components::{Instant, Remaining, signed_in_user},
    types::{Me, ModeInfo, Role},
};

/// The answer to `GET /api/{mode}/me`.
#[component]
pub(crate) fn Identity(info: ModeInfo) -> impl IntoView {
    let me = signed_in_user(&info.id);
    let name = info.name;
    move || {
        me.get().map(|Me { id, username, role, auth, .. }| {
            let name = name.clone();
            let role = match role {
                Role::User => "user",
                Role::Admin => "admin",
            };
            view! {
                <dl class="identity">
                    <Row term="Username"><strong class="text-accent wrap-anywhere">{username}</strong></Row>
                    <Row term="Role">{role}</Row>
                    <Row term="Id"><code class="break-all">{id}</code></Row>
                    <Row term="Mode">{name}</Row>
                    <Row term="Issued"><Instant at=auth.issued_at /></Row>
                    <Row term="Expires"><Remaining until=auth.expires_at /></Row>
                    <Row term="Ends at the latest"><Remaining until=auth.absolute_expires_at /></Row>
                    <Row term="Generation">
                        <span data-testid="generation" class="tabular-nums">{auth.generation}</span>
                    </Row>
                </dl>
            }
        })
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
