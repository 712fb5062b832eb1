use leptos::prelude::*;

use crate::{
    client::{SignIn, SignIns},
    locale::tr,
    paths::query_value,
    types::ModeInfo,
};

use super::log_in_with; // part: comparison
use super::{Announcement, BearerPlaceholder, SignInStatus};

fn why_script() -> &'static str {
    tr(
        "This page stays empty without JavaScript: this mode needs JavaScript. Its token is sent in the Authorization header. \
        When you open a page, the browser sends cookies but no such header, so the server cannot know who you are. A script has \
        to request the data with the token.",
        "이 방식에는 JavaScript가 필요하므로, JavaScript 없이는 이 페이지가 비어 있습니다. 토큰은 Authorization 헤더로 보냅니다. 페이지를 \
        열 때 브라우저는 쿠키를 보내지만 이 헤더는 보내지 않으므로, 서버는 사용자가 누구인지 알 수 없습니다. 스크립트가 토큰으로 데이터를 \
        요청해야 합니다.",
    )
}

/// Content for a user who is signed in with that mode. For a cookie mode, the server's page guard has checked the
/// request before the page is rendered.
#[component]
pub(crate) fn Protected(
    info: ModeInfo,
    /// The path to return to after the login.
    path: String,
    children: ChildrenFn,
) -> impl IntoView {
    let status = SignInStatus::of(&info.id);
    let state = expect_context::<SignIns>().state(&info.id);
    let unanswered = move || match state.get() {
        SignIn::Unanswered { error } => Some(view! { <p class="mt-1 text-sm text-muted">{error}</p> }),
        SignIn::Unknown | SignIn::SignedOut { .. } | SignIn::SignedIn(_) => None,
    };
    move || match status.get() {
        SignInStatus::Unknown => {
            view! { <div class="mt-8"><BearerPlaceholder why_script=why_script() />{unanswered}</div> }.into_any()
        }
        SignInStatus::SignedOut => view! { <Refused info=info.clone() path=path.clone() /> }.into_any(),
        SignInStatus::SignedIn => children().into_any(),
    }
}

#[component]
fn Refused(info: ModeInfo, path: String) -> impl IntoView {
    let state = expect_context::<SignIns>().state(&info.id);
    let reason = move || {
        state.with(|state| {
            state
                .end_reason()
                .unwrap_or(tr("Log in to see this page.", "이 페이지를 보려면 로그인하십시오."))
                .to_owned()
        })
    };
    let log_in = format!("/login?mode={}&next={}", info.id, query_value(&path));
    let announcement = expect_context::<Announcement>();
    let text = log_in_with(&info.name); // part: comparison
    // one mode: let text = tr("Log in", "로그인").to_owned();
    view! {
        <p class="mt-8 max-w-2xl text-lg text-pretty">{reason}</p>
        {move || {
            (!announcement.has_lost(&info.id)).then(|| {
                view! {
                    <p class="mt-6">
                        <a class="button" href=log_in.clone()>{text.clone()}</a>
                    </p>
                }
            })
        }}
    }
}
