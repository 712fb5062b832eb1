use leptos::prelude::*;

use crate::{
    client::{Scope, SignIn, SignIns},
    components::{Announcement, ApiButton, SIGNATURE_ONLY, Task, logout_message},
};

/// The message after the logout, with scripts and without.
pub(crate) const EVERYWHERE: &str = "Logged out everywhere";

/// Ends every sign-in of the user, in all modes and on all devices. Any live sign-in is enough to ask for it.
#[component]
pub(crate) fn LogOutEverywhere() -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let task = Task::new(None);
    let states: Vec<_> = sign_ins.modes().into_iter().map(|info| (sign_ins.state(&info.id), info.id)).collect();
    let by = Memo::new({
        let states = states.clone();
        move |_| {
            states
                .iter()
                .find_map(|(state, mode)| state.with(|state| state.me().map(|me| (mode.clone(), me.username.clone()))))
        }
    });
    let whose = move || by.with(|by| by.as_ref().map_or_else(|| "a user".to_owned(), |(_, name)| name.clone()));
    let signed_out = move || {
        let unanswered = |state: &SignIn| matches!(state, SignIn::Unanswered { .. });
        if states.iter().any(|(state, _)| state.with(unanswered)) {
            "Asking the server who is signed in…"
        } else {
            "No user is signed in."
        }
    };
    let run = Callback::new(move |()| {
        let Some((mode, _)) = by.get_untracked() else { return };
        task.run(async move { sign_ins.logout_everywhere(&mode).await }, move |revocation| {
            announcement.show(logout_message(EVERYWHERE, revocation, sign_ins.now().get_untracked()));
        });
    });
    view! {
        <section class="strip mt-12" aria-labelledby="everywhere">
            <div class="max-w-xl">
                <h2 id="everywhere" class="text-xl font-semibold tracking-tight">"Everywhere"</h2>
                <p class="mt-2 text-muted text-pretty wrap-anywhere">
                    "Ends every sign-in of " {whose} " in all modes and on all devices. The server raises one number in the user's \
                    row, the epoch, and refuses sign-ins with an older epoch. " {SIGNATURE_ONLY}
                </p>
            </div>
            {move || match by.get() {
                Some((mode, _)) => {
                    let fields = vec![("mode", mode.to_string())];
                    view! {
                        <ApiButton action=Scope::Everywhere.path(&mode) label="Log out everywhere" fields task run />
                    }
                        .into_any()
                }
                None => view! { <p class="text-muted">{signed_out.clone()}</p> }.into_any(),
            }}
        </section>
    }
}
