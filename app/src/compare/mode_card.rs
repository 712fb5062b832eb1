use leptos::prelude::*;

use crate::components::log_in_with; // part: comparison
use crate::{
    client::{OldToken, Scope, SignIns, TokenStore},
    components::{Hydrated, LogOutButton, ModeRegion, ModeState, RotateButton, SignInStatus},
    locale::tr,
    types::{ModeInfo, Transport},
};

/// One mode on the home page: its sign-in, its actions, and its answers. A home page with one mode has it, too.
#[component]
pub(crate) fn ModeCard(position: usize, info: ModeInfo) -> impl IntoView {
    // Only a bearer token that cannot be renewed must be stored by the page, so only there the user chooses the place.
    let kept_by_page = info.transport == Transport::Bearer && !info.renews_silently;
    view! {
        <ModeRegion position info=info.clone()>
            <ModeState info=info.clone() />
            <Actions info=info.clone() />
            <ModeAnswers info />
            {kept_by_page.then(|| view! { <StorageChoice /> })}
        </ModeRegion>
    }
}

#[component]
fn Actions(info: ModeInfo) -> impl IntoView {
    let status = SignInStatus::of(&info.id);
    let has_logged_in = expect_context::<SignIns>().has_logged_in();
    let log_in = format!("/login?mode={}&next=/", info.id);
    let open = format!("/me/{}", info.id);
    let account = format!("/account/{}", info.id);
    let text = log_in_with(&info.name); // part: comparison
    // one mode: let text = tr("Log in", "로그인").to_owned();
    view! {
        <div class="actions">
            {move || match status.get() {
                SignInStatus::Unknown if has_logged_in => ().into_any(),
                SignInStatus::Unknown => {
                    view! { <a class="button scripted" href=log_in.clone()>{text.clone()}</a> }.into_any()
                }
                SignInStatus::SignedOut => {
                    view! { <a class="button" href=log_in.clone()>{text.clone()}</a> }.into_any()
                }
                SignInStatus::SignedIn => {
                    view! {
                        <a class="button" href=open.clone()>{tr("Open /me", "/me 열기")}</a>
                        <a class="button quiet" href=account.clone()>{tr("Account", "계정")}</a>
                        <RotateButton info=info.clone() next="/" />
                        <LogOutButton info=info.clone() scope=Scope::Here label=tr("Log out", "로그아웃") old_token=OldToken::Keep />
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// The answers of the mode about itself.
#[component]
fn ModeAnswers(info: ModeInfo) -> impl IntoView {
    let answers = [
        (tr("The browser holds", "브라우저가 보관하는 것"), info.client_holds),
        (tr("The server holds", "서버가 보관하는 것"), info.server_holds),
        (tr("A request costs", "요청의 비용"), info.request_costs),
        (tr("Ended by", "종료 조건"), info.ended_by),
        (tr("An injected script", "주입된 스크립트"), info.injected_script),
        (tr("Another site", "다른 사이트"), info.other_site),
        (tr("Choose it when", "적합한 경우"), info.choose_when), // part: comparison
    ];
    view! {
        <dl class="answers">
            {answers
                .into_iter()
                .map(|(question, answer)| {
                    view! {
                        <div>
                            <dt class="term">{question}</dt>
                            <dd class="mt-1 text-pretty">{answer}</dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
}

/// The three places, with the consequences of each.
fn places() -> [(TokenStore, &'static str, &'static str); 3] {
    [
        (
            TokenStore::Memory,
            tr("Memory", "메모리"),
            tr(
                "A reload deletes it. An injected script can use it while the page is open, and finds nothing later.",
                "새로 고치면 삭제됩니다. 주입된 스크립트는 페이지가 열려 있는 동안 사용할 수 있고, 나중에는 아무것도 찾지 못합니다.",
            ),
        ),
        (
            TokenStore::SessionStorage,
            tr("Session storage", "세션 스토리지"),
            tr(
                "A reload keeps it; closing the tab deletes it. Every script on this origin can read it.",
                "새로 고쳐도 남고, 탭을 닫으면 삭제됩니다. 이 출처의 모든 스크립트가 읽을 수 있습니다.",
            ),
        ),
        (
            TokenStore::LocalStorage,
            tr("Local storage", "로컬 스토리지"),
            tr(
                "All tabs share it, and it survives a restart of the browser. Every script on this origin can read it at any later \
                time.",
                "모든 탭이 공유하고, 브라우저를 다시 시작해도 남습니다. 이 출처의 모든 스크립트가 나중에 언제든지 읽을 수 있습니다.",
            ),
        ),
    ]
}

/// The choice where the page stores a bearer token. Each place has a drawback, so the user chooses and reads the
/// consequences.
#[component]
fn StorageChoice() -> impl IntoView {
    let hydrated = expect_context::<Hydrated>();
    let store = expect_context::<SignIns>().token_store();
    let consequence = move || places().into_iter().find(|(place, ..)| *place == store.get()).map(|(.., text)| text);
    view! {
        <fieldset class="scripted border-t border-line pt-4" aria-describedby="store-consequence" disabled=move || !hydrated.get()>
            <legend class="term float-left mb-1 w-full">{tr("Store the token in", "토큰을 저장할 곳")}</legend>
            {places()
                .into_iter()
                .map(|(place, label, _)| {
                    view! {
                        <label class="radio-line clear-both">
                            <input
                                type="radio"
                                name="token-store"
                                checked=store.get_untracked() == place
                                prop:checked=move || store.get() == place
                                on:change=move |_| store.set(place)
                            />
                            {label}
                        </label>
                    }
                })
                .collect_view()}
            <p id="store-consequence" class="mt-1 text-sm text-muted">{consequence}</p>
        </fieldset>
    }
}
