use leptos::prelude::*;

use crate::{client::SignIns, types::ModeInfo};

use super::{Announcement, ApiButton, Task, logout_message};

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
            announcement.show(format!("{name}: rotated, now generation {}.", me.auth.generation));
        });
    });
    view! { <ApiButton action label="Rotate" quiet=true fields=vec![("next", next)] task run /> }
}

/// Which sign-ins a logout ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The sign-in in this browser.
    Here,
    /// Every sign-in of this user in this mode.
    EveryDevice,
}

/// Ends sign-ins of one mode. Without JavaScript it leads to `/logout`, which says what ended.
#[component]
pub(crate) fn LogOutButton(
    info: ModeInfo,
    scope: Scope,
    #[prop(into)] label: String,
    /// The page has a card that can try the ended token.
    #[prop(optional)]
    keep_copy: bool,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let task = Task::new(None);
    let verb = if scope == Scope::Here { "logout" } else { "logout-all" };
    let action = format!("/api/{}/{verb}", info.id);
    let run = Callback::new(move |()| {
        let ModeInfo { id, name, .. } = info.clone();
        let work = async move {
            match scope {
                Scope::Here => sign_ins.logout(&id, keep_copy).await,
                Scope::EveryDevice => sign_ins.logout_all(&id, keep_copy).await,
            }
        };
        task.run(work, move |revocation| {
            announcement.show(logout_message(
                &format!("Logged out of {name}"),
                revocation,
                sign_ins.now().get_untracked(),
            ));
        });
    });
    view! { <ApiButton action label quiet=true task run /> }
}
