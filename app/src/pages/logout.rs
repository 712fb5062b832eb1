use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::compare::{EVERYWHERE, LogOutEverywhere}; // part: comparison
use crate::{
    client::{OldToken, Scope, SignIns},
    components::{LogOutButton, ModeRegion, ModeState, Page, SignInStatus, logout_message, revocation_of_form},
    types::{ModeId, ModeInfo},
};

/// `/logout`: ends sign-ins, and says which copies of a credential still work.
#[component]
pub(crate) fn Logout() -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let message = done(&use_query_map().read_untracked(), sign_ins);
    let regions = sign_ins.modes().into_iter().enumerate().map(move |(position, info)| {
        view! {
            <ModeRegion position info=info.clone()>
                <ModeState info=info.clone() />
                <Buttons info />
            </ModeRegion>
        }
    });
    view! {
        <Page
            title="Log out"
            // part: comparison, begin
            lead="Deleting a credential from this browser is easy. To stop every copy of it, the server must remember something \
            about the sign-in, and not every mode does."
            // part: comparison, end
            // one mode: lead="End the sign-in in this browser, or on every device."
            message
        >
            <div class="region-grid">{regions.collect_view()}</div>
            <LogOutEverywhere /> // part: comparison
        </Page>
    }
}

#[component]
fn Buttons(info: ModeInfo) -> impl IntoView {
    let status = SignInStatus::of(&info.id);
    let log_in = format!("/login?mode={}&next=/logout", info.id);
    let name = info.name.clone();
    let text = format!("Log in ({name})"); // part: comparison
    // one mode: let text = "Log in".to_owned();
    let logout = move |scope, label: &'static str, about| {
        view! { <LogOutButton info=info.clone() scope label about old_token=OldToken::Keep /> }
    };
    view! {
        <div class="actions">
            {move || match status.get() {
                SignInStatus::Unknown => ().into_any(),
                SignInStatus::SignedOut => {
                    view! { <a class="button quiet" href=log_in.clone()>{text.clone()}</a> }.into_any()
                }
                SignInStatus::SignedIn => {
                    view! {
                        {logout(Scope::Here, "Log out", format!("of {name}"))}
                        {logout(Scope::EveryDevice, "Log out on every device", format!("({name})"))}
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// The result of a form without JavaScript, from the query.
fn done(query: &ParamsMap, sign_ins: SignIns) -> Option<String> {
    let done = ModeId(query.get("done")?);
    let what = sign_ins.info(&done).map(|info| format!("Logged out of {}", info.name));
    let what = what.or_else(|| (done.0 == "everywhere").then(|| EVERYWHERE.to_owned())); // part: comparison
    Some(logout_message(&what?, revocation_of_form(query)?, sign_ins.now().get_untracked()))
}
