use leptos::prelude::*;

use crate::{
    client::{OldToken, Scope, SignIns},
    locale::tr,
    types::ModeInfo,
};

use super::{Announcement, ApiButton, Task, logged_out_of, logout_message};

// part: comparison, begin
/// The text of a link to the login with one mode.
pub(crate) fn log_in_with(name: &str) -> String {
    tr(format!("Log in ({name})"), format!("로그인 ({name})"))
}
// part: comparison, end

/// Rotates the credential of one mode.
#[component]
pub(crate) fn RotateButton(
    info: ModeInfo,
    /// The address to return to without JavaScript.
    #[prop(into)]
    next: String,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let task = Task::new(None);
    let action = format!("/api/{}/rotate", info.id);
    let run = Callback::new(move |()| {
        let ModeInfo { id, name, .. } = info.clone();
        task.run(async move { sign_ins.rotate(&id).await }, move |me| {
            let generation = me.auth.generation;
            announcement.show(tr(
                format!("{name}: rotated, now generation {generation}."),
                format!("{name}: 회전했습니다. 이제 {generation}세대입니다."),
            ));
        });
    });
    view! { <ApiButton action label=tr("Rotate", "회전") quiet=true fields=vec![("next", next)] task run /> }
}

/// Ends sign-ins of one mode. Without JavaScript it leads to `/logout`, which says what ended.
#[component]
pub(crate) fn LogOutButton(
    info: ModeInfo,
    scope: Scope,
    #[prop(into)] label: String,
    /// Distinguishes buttons with the same label, for screen readers.
    #[prop(optional, into)]
    about: Option<String>,
    #[prop(default = OldToken::Forget)] old_token: OldToken,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let task = Task::new(None);
    let action = scope.path(&info.id);
    let run = Callback::new(move |()| {
        let ModeInfo { id, name, .. } = info.clone();
        task.run(async move { sign_ins.logout(&id, scope, old_token).await }, move |revocation| {
            announcement.show(logout_message(&logged_out_of(&name), revocation, sign_ins.now().get_untracked()));
        });
    });
    view! { <ApiButton action label about quiet=true task run /> }
}
