use leptos::prelude::*;

use crate::{
    client::{LoggedOut, Scope, SignIns, clock},
    locale::tr,
    types::{ModeInfo, Transport},
};

use super::{Announcement, ErrorNote, Instant, Task, copies};

/// What a mode's card keeps after a logout, until the next login with that mode: what ended and when, and the old copy.
#[component]
pub(crate) fn AfterLogout(info: ModeInfo) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let now = sign_ins.now();
    let known = sign_ins.logged_out(&info.id);
    let mode = info.id.clone();
    on_cleanup(move || sign_ins.forget_old_copy(&mode));
    move || {
        known.get().map(|logged_out| {
            let has_copy = logged_out.has_copy();
            let LoggedOut { at, scope, revocation, .. } = logged_out;
            let what = match scope {
                Scope::Here => tr("Logged out at ", "로그아웃 시각: "),
                Scope::EveryDevice => tr("Logged out on every device at ", "모든 기기에서 로그아웃한 시각: "),
                Scope::Everywhere => tr("Logged out everywhere at ", "모든 곳에서 로그아웃한 시각: "), // part: comparison
            };
            view! {
                <div class="after-logout" data-testid="after-logout">
                    <p>{what} <Instant at /> ". " {move || copies(scope, revocation, now.get())}</p>
                    <OldCopy info=info.clone() has_copy />
                </div>
            }
        })
    }
}

fn http_only() -> &'static str {
    tr(
        "There is no old copy to try here: the cookie was HttpOnly, so no script could keep one.",
        "여기서 시험할 이전 복사본이 없습니다. 쿠키가 HttpOnly였으므로 스크립트가 보관할 수 없었습니다.",
    )
}

fn access_token() -> &'static str {
    tr(
        "The old copy is the access token. The refresh token was in an HttpOnly cookie, so no script could keep it. ",
        "이전 복사본은 액세스 토큰입니다. 리프레시 토큰은 HttpOnly 쿠키에 있었으므로 스크립트가 보관할 수 없었습니다. ",
    )
}

fn left_page() -> &'static str {
    tr(
        "There is no old copy to try here: the page that had it deleted it when you left.",
        "여기서 시험할 이전 복사본이 없습니다. 복사본이 있던 페이지를 떠날 때 삭제되었습니다.",
    )
}

/// Tries the ended token, or says why there is none.
#[component]
fn OldCopy(info: ModeInfo, has_copy: bool) -> impl IntoView {
    match info.transport {
        Transport::Cookie => view! { <p class="text-muted">{http_only()}</p> }.into_any(),
        Transport::Bearer if has_copy => view! { <TryOldCopy info /> }.into_any(),
        Transport::Bearer => view! { <p class="text-muted">{left_page()}</p> }.into_any(),
    }
}

#[component]
fn TryOldCopy(info: ModeInfo) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let task = Task::new(None);
    // When it was tried last, and whether the server accepted it.
    let tried = RwSignal::new(None);
    let renews = info.renews_silently;
    let run = move |_| {
        let ModeInfo { id, name, .. } = info.clone();
        task.run(async move { sign_ins.try_old_copy(&id).await }, move |accepted| {
            _ = tried.try_set(Some((clock::now(), accepted)));
            let (verdict, korean) =
                if accepted { ("still accepted", "아직 허용됩니다") } else { ("refused", "거부됩니다") };
            announcement
                .show(tr(format!("{name}: the old copy is {verdict}."), format!("{name}: 이전 복사본이 {korean}.")));
        });
    };
    view! {
        <p class="text-muted">{renews.then(access_token)} {tr("This page keeps the old copy until you leave it.", "이 페이지는 떠날 때까지 이전 복사본을 보관합니다.")}</p>
        <p>
            <button type="button" class="button quiet" aria-busy=move || task.busy().get().then_some("true") on:click=run>
                {tr("Try the old copy now", "이전 복사본 시험하기")}
            </button>
        </p>
        <ErrorNote error=task.error() />
        {move || tried.get().map(|(at, accepted)| {
            let (verdict, word) =
                if accepted { ("accepted", tr("Still accepted", "아직 허용됨")) } else { ("refused", tr("Refused", "거부됨")) };
            view! {
                <p class="verdict" data-testid="old-copy" data-verdict=verdict>
                    {tr("The server's answer at ", "서버의 응답, ")} <Instant at /> ": " <strong>{word}</strong>
                </p>
            }
        })}
    }
}
