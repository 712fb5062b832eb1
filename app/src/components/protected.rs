use leptos::prelude::*;

use crate::{
    paths::query_value,
    sign_ins::{SignIn, SignIns},
    types::ModeInfo,
};

use super::{Looking, Presence};

const WHY_SCRIPT: &str = "Nothing will come: this mode needs JavaScript. Its token travels in the Authorization header. When \
    you open a page, the browser sends cookies and no such header, so the server cannot know who asks and has nobody's page to \
    render. A script has to fetch it with the token in hand.";

/// What only somebody gets to see who is signed in by that mode. In a page of a cookie mode that the server renders, the page
/// guard has made sure of it before.
#[component]
pub(crate) fn Protected(
    info: ModeInfo,
    /// Where the login leads back to.
    path: String,
    children: ChildrenFn,
) -> impl IntoView {
    let presence = Presence::of(&info.id);
    let state = expect_context::<SignIns>().state(&info.id);
    let unanswered = move || match state.get() {
        SignIn::Unanswered { why } => Some(view! { <p class="mt-1 text-sm text-muted">{why}</p> }),
        SignIn::Unknown | SignIn::SignedOut { .. } | SignIn::SignedIn(_) => None,
    };
    move || match presence.get() {
        Presence::Unknown => view! { <div class="mt-8"><Looking why_script=WHY_SCRIPT />{unanswered}</div> }.into_any(),
        Presence::SignedOut => view! { <Refused info=info.clone() path=path.clone() /> }.into_any(),
        Presence::SignedIn => children().into_any(),
    }
}

#[component]
fn Refused(info: ModeInfo, path: String) -> impl IntoView {
    let state = expect_context::<SignIns>().state(&info.id);
    let why = move || match state.get() {
        SignIn::SignedOut { why } => why,
        SignIn::Unknown | SignIn::Unanswered { .. } | SignIn::SignedIn(_) => None,
    };
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
