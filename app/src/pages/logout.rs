use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::compare::{LogOutEverywhere, everywhere}; // part: comparison
use crate::components::log_in_with; // part: comparison
use crate::{
    client::{OldToken, Scope, SignIns},
    components::{
        LogOutButton, ModeRegion, ModeState, Page, SignInStatus, logged_out_of, logout_message, revocation_of_form,
    },
    locale::tr,
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
            title=tr("Log out", "로그아웃")
            // part: comparison, begin
            lead=tr(
                "Deleting a credential from this browser is easy. To stop every copy of it, the server must remember something \
                about the sign-in, and not every mode does.",
                "이 브라우저에서 인증 정보를 삭제하기는 쉽습니다. 모든 복사본을 무효화하려면 서버가 로그인에 관한 무언가를 기억해야 하는데, \
                모든 방식이 그렇게 하지는 않습니다.",
            )
            // part: comparison, end
            // one mode: lead=tr("End the sign-in in this browser, or on every device.", "이 브라우저나 모든 기기에서 로그인을 끝냅니다.")
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
    let text = log_in_with(&name); // part: comparison
    // one mode: let text = tr("Log in", "로그인").to_owned();
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
                        {logout(Scope::Here, tr("Log out", "로그아웃"), tr(format!("of {name}"), format!("({name})")))}
                        {logout(Scope::EveryDevice, tr("Log out on every device", "모든 기기에서 로그아웃"), format!("({name})"))}
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
    let what = sign_ins.info(&done).map(|info| logged_out_of(&info.name));
    let what = what.or_else(|| (done.0 == "everywhere").then(|| everywhere().to_owned())); // part: comparison
    Some(logout_message(&what?, revocation_of_form(query)?, sign_ins.now().get_untracked()))
}
