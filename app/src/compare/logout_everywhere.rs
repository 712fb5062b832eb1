use leptos::prelude::*;

use crate::{
    client::{Scope, SignIn, SignIns},
    components::{Announcement, ApiButton, Task, logout_message, signature_only},
    locale::tr,
};

/// The message after the logout, with scripts and without.
pub(crate) fn everywhere() -> &'static str {
    tr("Logged out everywhere", "모든 곳에서 로그아웃했습니다")
}

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
    let whose =
        move || by.with(|by| by.as_ref().map_or_else(|| tr("a user", "사용자").to_owned(), |(_, name)| name.clone()));
    let signed_out = move || {
        let unanswered = |state: &SignIn| matches!(state, SignIn::Unanswered { .. });
        if states.iter().any(|(state, _)| state.with(unanswered)) {
            tr("Asking the server who is signed in…", "누가 로그인했는지 서버에 묻는 중입니다…")
        } else {
            tr("No user is signed in.", "로그인한 사용자가 없습니다.")
        }
    };
    let run = Callback::new(move |()| {
        let Some((mode, _)) = by.get_untracked() else { return };
        task.run(async move { sign_ins.logout_everywhere(&mode).await }, move |revocation| {
            announcement.show(logout_message(everywhere(), revocation, sign_ins.now().get_untracked()));
        });
    });
    view! {
        <section class="strip mt-12" aria-labelledby="everywhere">
            <div class="max-w-xl">
                <h2 id="everywhere" class="text-xl font-semibold tracking-tight">{tr("Everywhere", "모든 곳")}</h2>
                <p class="mt-2 text-muted text-pretty wrap-anywhere">
                    {tr("Ends every sign-in of ", "")} {whose}
                    {tr(
                        " in all modes and on all devices. The server raises one number in the user's row, the epoch, and refuses \
                        sign-ins with an older epoch. ",
                        "의 모든 로그인을 모든 방식과 모든 기기에서 끝냅니다. 서버는 사용자 행에 있는 번호인 에포크를 올리고, 이전 에포크의 \
                        로그인을 거부합니다. ",
                    )} {signature_only()}
                </p>
            </div>
            {move || match by.get() {
                Some((mode, _)) => {
                    let fields = vec![("mode", mode.to_string())];
                    view! {
                        <ApiButton action=Scope::Everywhere.path(&mode) label=tr("Log out everywhere", "모든 곳에서 로그아웃") fields task run />
                    }
                        .into_any()
                }
                None => view! { <p class="text-muted">{signed_out.clone()}</p> }.into_any(),
            }}
        </section>
    }
}
