use leptos::{html, prelude::*};

use crate::{
    client::SignIns,
    error::{ErrorCode, translated},
    locale::tr,
    paths::query_value,
    types::ModeId,
};

/// The alert after an action whose sign-in was over: the server refused it, and its form is gone. It takes the focus,
/// which the form has lost. `path` is the page to return to after the login.
pub(crate) fn lost_sign_in(mode: &ModeId, path: &str) -> impl IntoView + use<> {
    let alert = NodeRef::<html::P>::new();
    Effect::new(move || {
        if let Some(alert) = alert.get() {
            // Fails only if the element cannot be focused. The focus then stays where it is.
            _ = alert.focus();
        }
    });
    let name = expect_context::<SignIns>().info(mode).map(|info| info.name).unwrap_or_default();
    let log_in = format!("/login?mode={mode}&next={}", query_value(path));
    view! {
        <p role="alert" tabindex="-1" class="error-note mt-6" node_ref=alert>
            {translated(ErrorCode::SignedOut.message())}
            {tr(format!(" Your sign-in with {name} had ended. "), format!(" {name} 방식의 로그인이 이미 끝났습니다. "))}
            <a class="font-medium underline underline-offset-4" href=log_in>{tr(format!("Log in again ({name})"), format!("다시 로그인 ({name})"))}</a>
        </p>
    }
}
