mod everywhere;

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    client::SignIns,
    components::{LogOutButton, ModeRegion, ModeState, Page, Scope, SignInStatus, logout_message},
    types::{ModeId, ModeInfo, Revocation},
};
use everywhere::LogOutEverywhere;

/// `/logout`: ends sign-ins, and says which copies of a credential still work.
#[component]
pub(crate) fn Logout() -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let message = done(&use_query_map().read_untracked(), sign_ins);
    let regions = sign_ins.modes().into_iter().enumerate().map(move |(position, info)| {
        let state = sign_ins.state(&info.id);
        view! {
            <ModeRegion position info=info.clone()>
                <ModeState state />
                <Buttons info />
            </ModeRegion>
        }
    });
    view! {
        <Page
            title="Log out"
            lead="Deleting a credential from this browser is easy. To stop every copy of it, the server must remember something \
            about the sign-in, and not every mode does."
            message
        >
            <div class="region-grid">{regions.collect_view()}</div>
            <LogOutEverywhere />
        </Page>
    }
}

#[component]
fn Buttons(info: ModeInfo) -> impl IntoView {
    let status = SignInStatus::of(&info.id);
    move || {
        (status.get() == SignInStatus::SignedIn).then(|| {
            let here = format!("Log out of {}", info.name);
            let all = format!("Log out of {} on every device", info.name);
            view! {
                <div class="actions">
                    <LogOutButton info=info.clone() scope=Scope::Here label=here />
                    <LogOutButton info=info.clone() scope=Scope::EveryDevice label=all />
                </div>
            }
        })
    }
}

/// The result of a form without JavaScript, from the query.
fn done(query: &ParamsMap, sign_ins: SignIns) -> Option<String> {
    let done = query.get("done")?;
    let what = match sign_ins.info(&ModeId(done)) {
        Some(info) => format!("Logged out of {}", info.name),
        None => "Logged out everywhere".to_owned(),
    };
    let revocation = match query.get("ended")?.as_str() {
        "immediate" => Revocation::Immediate,
        "unreadable" => Revocation::Unreadable,
        "at-expiry" => Revocation::AtExpiry { until: query.get("until")?.parse().ok()? },
        _ => return None,
    };
    Some(logout_message(&what, revocation, sign_ins.now().get_untracked()))
}
