use leptos::prelude::*;

use crate::{
    client::SignIns,
    components::{LogOutButton, ModeRegion, ModeState, RotateButton, Scope, SignInStatus},
    types::{ModeInfo, Transport},
};

use super::{mode_answers::ModeAnswers, storage_choice::StorageChoice};

/// One mode on the home page: its sign-in, its actions, and its five answers.
#[component]
pub(crate) fn ModeCard(position: usize, info: ModeInfo) -> impl IntoView {
    // Only a bearer token that cannot be renewed must be stored by the page, so only there the user chooses the place.
    let kept_by_page = info.transport == Transport::Bearer && !info.renews_silently;
    let state = expect_context::<SignIns>().state(&info.id);
    view! {
        <ModeRegion position info=info.clone()>
            <ModeState state />
            <Actions info=info.clone() />
            <ModeAnswers info />
            {kept_by_page.then(|| view! { <StorageChoice /> })}
        </ModeRegion>
    }
}

#[component]
fn Actions(info: ModeInfo) -> impl IntoView {
    let status = SignInStatus::of(&info.id);
    let log_in = format!("/login?mode={}&next=/", info.id);
    let open = format!("/me/{}", info.id);
    let account = format!("/account/{}", info.id);
    let name = info.name.clone();
    view! {
        <div class="actions">
            {move || match status.get() {
                SignInStatus::Unknown => ().into_any(),
                SignInStatus::SignedOut => {
                    view! { <a class="button" href=log_in.clone()>{format!("Log in ({name})")}</a> }.into_any()
                }
                SignInStatus::SignedIn => {
                    view! {
                        <a class="button" href=open.clone()>"Open /me"</a>
                        <a class="button quiet" href=account.clone()>"Account"</a>
                        <RotateButton info=info.clone() next="/" />
                        <LogOutButton info=info.clone() scope=Scope::Here label="Log out" next="/".to_owned() />
                    }
                        .into_any()
                }
            }}
        </div>
    }
}
