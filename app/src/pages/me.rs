use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;

use crate::{
    components::{Carried, Identity, LogOutButton, Looking, Page, Presence, RotateButton, Scope, query_value},
    sign_ins::{SignIn, SignIns},
    types::{ModeId, ModeInfo},
};

use super::NotFound;

const WHY_SCRIPT: &str = "Nothing will come: this mode needs JavaScript. Its token travels in the Authorization header. When \
    you open a page, the browser sends cookies and no such header, so the server cannot know who asks and has nobody's page to \
    render. A script has to fetch it with the token in hand.";

/// `/me/{mode}`, the protected page.
#[component]
pub(crate) fn Me() -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let params = use_params_map();
    move || {
        let mode = ModeId(params.read().get("mode").unwrap_or_default());
        match sign_ins.info(&mode) {
            Some(info) => view! { <MeBy info /> }.into_any(),
            None => view! { <NotFound /> }.into_any(),
        }
    }
}

#[component]
fn MeBy(info: ModeInfo) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let presence = Presence::of(&info.id);
    let name = info.name.clone();
    let title = Signal::derive(move || match presence.get() {
        Presence::Unknown => format!("Signed in by {name}?"),
        Presence::SignedOut => format!("Not signed in by {name}"),
        Presence::SignedIn => format!("Signed in by {name}"),
    });
    let id = info.id.clone();
    // Opening this page is a request: what it shows is the server's answer and not what another page remembers. A
    // failure leaves the state as it was; the buttons below will tell.
    Effect::new(move || {
        let id = id.clone();
        spawn_local(async move { _ = sign_ins.reload(&id).await });
    });
    view! {
        <Page title>
            {move || match presence.get() {
                Presence::Unknown => view! { <div class="mt-8"><Looking why_script=WHY_SCRIPT /></div> }.into_any(),
                Presence::SignedOut => view! { <Refused info=info.clone() /> }.into_any(),
                Presence::SignedIn => view! { <Accepted info=info.clone() /> }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn Refused(info: ModeInfo) -> impl IntoView {
    let state = expect_context::<SignIns>().state(&info.id);
    let why = move || match state.get() {
        SignIn::SignedOut { why } => why,
        SignIn::Unknown | SignIn::SignedIn(_) => None,
    };
    let path = format!("/me/{}", info.id);
    let log_in = format!("/login?mode={}&next={}", info.id, query_value(&path));
    view! {
        <p class="mt-8 max-w-2xl text-lg text-pretty">
            {move || why().unwrap_or_else(|| "This page is for those who are signed in.".to_owned())}
        </p>
        <p class="mt-6">
            <a class="button" href=log_in>{format!("Log in with {}", info.name)}</a>
        </p>
    }
}

#[component]
fn Accepted(info: ModeInfo) -> impl IntoView {
    let here = format!("/me/{}", info.id);
    view! {
        <Identity info=info.clone() />
        <div class="actions mt-8">
            <RotateButton info=info.clone() next=here />
            <LogOutButton info=info.clone() scope=Scope::Here label="Log out" />
        </div>
        <Carried info />
    }
}
