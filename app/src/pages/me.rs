use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Carried, Identity, LogOutButton, Page, Presence, Protected, RotateButton, Scope},
    sign_ins::SignIns,
    types::ModeInfo,
};

use super::of_mode;

/// `/me/{mode}`, the protected page.
#[component]
pub(crate) fn Me() -> impl IntoView {
    of_mode(|info| view! { <MeBy info /> })
}

#[component]
fn MeBy(info: ModeInfo) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let presence = Presence::of(&info.id);
    let name = info.name.clone();
    let title = Signal::derive(move || match presence.get() {
        Presence::Unknown => format!("Signed in with {name}?"),
        Presence::SignedOut => format!("Not signed in with {name}"),
        Presence::SignedIn => format!("Signed in with {name}"),
    });
    let id = info.id.clone();
    // Ask the server each time the page opens, and do not show the state of an earlier page. If this fails, the state
    // does not change, and the buttons below report the error when used.
    Effect::new(move || {
        let id = id.clone();
        spawn_local(async move { _ = sign_ins.reload(&id).await });
    });
    view! {
        <Page title>
            <Protected info=info.clone() path=format!("/me/{}", info.id)>
                <Accepted info=info.clone() />
            </Protected>
        </Page>
    }
}

#[component]
fn Accepted(info: ModeInfo) -> impl IntoView {
    let here = format!("/me/{}", info.id);
    let account = format!("/account/{}", info.id);
    view! {
        <Identity info=info.clone() />
        <div class="actions mt-8">
            <RotateButton info=info.clone() next=here />
            <LogOutButton info=info.clone() scope=Scope::Here label="Log out" />
            <a class="button quiet" href=account>"Account"</a>
        </div>
        <Carried info />
    }
}
