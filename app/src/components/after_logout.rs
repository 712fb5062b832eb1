use leptos::prelude::*;

use crate::{
    client::{LoggedOut, Scope, SignIns, clock},
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
                Scope::Here => "Logged out at ",
                Scope::EveryDevice => "Logged out on every device at ",
                Scope::Everywhere => "Logged out everywhere at ", // part: comparison
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

const HTTP_ONLY: &str = "There is no old copy to try here: the cookie was HttpOnly, so no script could keep one.";

const ACCESS_TOKEN: &str =
    "The old copy is the access token. The refresh token was in an HttpOnly cookie, so no script could keep it. ";

const LEFT_PAGE: &str = "There is no old copy to try here: the page that had it deleted it when you left.";

/// Tries the ended token, or says why there is none.
#[component]
fn OldCopy(info: ModeInfo, has_copy: bool) -> impl IntoView {
    match info.transport {
        Transport::Cookie => view! { <p class="text-muted">{HTTP_ONLY}</p> }.into_any(),
        Transport::Bearer if has_copy => view! { <TryOldCopy info /> }.into_any(),
        Transport::Bearer => view! { <p class="text-muted">{LEFT_PAGE}</p> }.into_any(),
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
            let verdict = if accepted { "still accepted" } else { "refused" };
            announcement.show(format!("{name}: the old copy is {verdict}."));
        });
    };
    view! {
        <p class="text-muted">{renews.then_some(ACCESS_TOKEN)} "This page keeps the old copy until you leave it."</p>
        <p>
            <button type="button" class="button quiet" aria-busy=move || task.busy().get().then_some("true") on:click=run>
                "Try the old copy now"
            </button>
        </p>
        <ErrorNote error=task.error() />
        {move || tried.get().map(|(at, accepted)| {
            let (verdict, word) = if accepted { ("accepted", "Still accepted") } else { ("refused", "Refused") };
            view! {
                <p class="verdict" data-testid="old-copy" data-verdict=verdict>
                    "The server's answer at " <Instant at /> ": " <strong>{word}</strong>
                </p>
            }
        })}
    }
}
