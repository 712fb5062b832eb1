mod claims; // mode: jwt
mod cookie;
mod credential;
mod fact;
mod identity;
mod record;
mod request;
mod token;

use leptos::{prelude::*, task::spawn_local};

use crate::components::ModeTabs; // part: comparison
use crate::{
    client::{Scope, SignIns},
    components::{LogOutButton, Page, Protected, RotateButton, SignInStatus, signed_in_user},
    types::ModeInfo,
};

use super::mode_page;

use credential::Credential;
use identity::Identity;

/// `/me/{mode}`, the protected page.
#[component]
pub(crate) fn Me() -> impl IntoView {
    mode_page(|info| view! { <MePage info /> })
}

#[component]
fn MePage(info: ModeInfo) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let status = SignInStatus::of(&info.id);
    let name = info.name.clone();
    let title = Signal::derive(move || match status.get() {
        // Without JavaScript it stays unknown.
        SignInStatus::Unknown => format!("Sign-in with {name}"),
        SignInStatus::SignedOut => format!("Not signed in with {name}"),
        SignInStatus::SignedIn => format!("Signed in with {name}"),
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
            <ModeTabs current=info.id.clone() path="/me/{mode}" /> // part: comparison
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
        <Identity user=signed_in_user(&info.id) renews=info.renews_silently />
        <div class="actions mt-8">
            <RotateButton info=info.clone() next=here />
            <LogOutButton info=info.clone() scope=Scope::Here label="Log out" />
            <a class="button quiet" href=account>"Account"</a>
        </div>
        <Credential info />
    }
}
