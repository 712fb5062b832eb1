use leptos::prelude::*;

use crate::{
    calendar,
    sign_ins::SignIns,
    types::{ModeInfo, Revocation},
};

use super::{Announcement, ApiButton, Task};

/// How far a logout reaches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The credential in this browser.
    Here,
    /// Every credential of this user in this mode.
    EveryDevice,
}

/// Ends a sign-in by one mode.
#[component]
pub(crate) fn LogOutButton(
    info: ModeInfo,
    scope: Scope,
    #[prop(into)] label: String,
    /// Where the form leads without JavaScript; by default to a page that says what ended.
    #[prop(optional, into)]
    next: Option<String>,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let task = Task::new(None);
    let verb = if scope == Scope::Here { "logout" } else { "logout-all" };
    let action = format!("/api/{}/{verb}", info.id);
    let fields = next.map(|next| ("next", next)).into_iter().collect();
    let run = Callback::new(move |()| {
        let ModeInfo { id, name, .. } = info.clone();
        let work = async move {
            match scope {
                Scope::Here => sign_ins.logout(&id).await,
                Scope::EveryDevice => sign_ins.logout_all(&id).await,
            }
        };
        task.run(work, move |revocation| {
            announcement.say(ended(&format!("Logged out of {name}"), revocation, sign_ins.now().get_untracked()));
        });
    });
    view! { <ApiButton action label quiet=true fields task run /> }
}

/// What a logout ended, and what it did not.
pub(crate) fn ended(what: &str, revocation: Revocation, now: i64) -> String {
    match revocation {
        Revocation::Immediate => format!("{what}. Any copy of the credential is dead now."),
        Revocation::AtExpiry { until } => format!(
            "{what}. This browser has forgotten it. A stolen copy would still work until {}.",
            calendar::human(until, now)
        ),
        Revocation::Unreadable => format!(
            "{what} in this browser. The server could not read the credential, so it has ended no sign-in. Log in and look at the \
             list of your account: a copy may still work."
        ),
    }
}
