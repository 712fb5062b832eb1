use leptos::prelude::*;

use crate::{
    client::{SignIn, SignIns},
    paths::query_value,
    types::ModeInfo,
};

use super::{Announcement, BearerPlaceholder, SignInStatus};

const WHY_SCRIPT: &str = "This page stays empty without JavaScript: this mode needs JavaScript. Its token is sent in the \
    Authorization header. When you open a page, the browser sends cookies but no such header, so the server cannot know who you \
    are. A script has to request the data with the token.";

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
            view! { <div class="mt-8"><BearerPlaceholder why_script=WHY_SCRIPT />{unanswered}</div> }.into_any()
        }
        SignInStatus::SignedOut => view! { <Refused info=info.clone() path=path.clone() /> }.into_any(),
        SignInStatus::SignedIn => children().into_any(),
    }
}

#[component]
fn Refused(info: ModeInfo, path: String) -> impl IntoView {
    let state = expect_context::<SignIns>().state(&info.id);
    let reason = move || state.with(|state| state.end_reason().unwrap_or("Log in to see this page.").to_owned());
    let log_in = format!("/login?mode={}&next={}", info.id, query_value(&path));
    let announcement = expect_context::<Announcement>();
    let text = format!("Log in ({})", info.name); // part: comparison
    // one mode: let text = "Log in".to_owned();
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
