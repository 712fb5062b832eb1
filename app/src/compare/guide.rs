use leptos::prelude::*;

use crate::{
    Offers,
    client::{SignIns, Step},
    locale::tr,
};

use super::login_all::log_in_to_all;

/// Only for modes with a refresh token.
fn grace() -> &'static str {
    tr(
        " A second use of a refresh token counts as a retry for a few seconds, and later as theft.",
        " 리프레시 토큰의 두 번째 사용은 몇 초 동안은 재시도로, 그 뒤에는 탈취로 봅니다.",
    )
}

fn progress(done: usize) -> String {
    let all = Step::ALL.len();
    tr(format!("{done} of {all} done"), format!("{all}단계 중 {done}단계 완료"))
}

/// The first steps for a newcomer, in an order in which each step prepares the next: the reload is after the rotation,
/// because it deletes a token in memory.
#[component]
pub(crate) fn Guide() -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let steps = sign_ins.steps();
    let renews = sign_ins.modes().iter().any(|info| info.renews_silently);
    view! {
        <section class="guide" aria-labelledby="guide">
            <details open>
                <summary>
                    <h2 id="guide" class="text-xl font-semibold tracking-tight">{tr("What to try first", "먼저 해 볼 것")}</h2>
                    <span class="scripted text-muted">{move || progress(steps.read().len())}</span>
                </summary>
                <ol>
                    <Entry step=Step::Account title=tr("Get an account", "계정 만들기")>
                        <a href="/register">{tr("Create one", "계정을 만드십시오")}</a>
                        {Offers::current()
                            .demo_users
                            .then(|| view! {
                                {tr(", or log in as the demo user ", ". 데모 사용자 ")}
                                <code>"alice"</code>
                                {tr(
                                    ". The server printed her password in its terminal when it started",
                                    "로 로그인해도 됩니다. 비밀번호는 서버가 시작할 때 터미널에 출력했습니다",
                                )}
                            })}
                        "."
                    </Entry>
                    <Entry step=Step::EveryMode title=log_in_to_all()>
                        <span class="scripted">{tr("One form on this page logs in to every mode. ", "이 페이지의 폼 하나로 모든 방식에 로그인합니다. ")}</span>
                        <span class="unscripted">{tr(
                                "Log in to the modes that use a cookie, one after the other. ",
                                "쿠키를 사용하는 방식에 하나씩 로그인하십시오. ",
                            )}</span>
                        {tr(
                            "The server checks your password in the same way for each mode. The mode decides how the server recognises \
                            you on the next request.",
                            "서버는 모든 방식에서 같은 방법으로 비밀번호를 확인합니다. 다음 요청에서 서버가 사용자를 어떻게 알아보는지는 방식이 \
                            정합니다.",
                        )}
                    </Entry>
                    <Entry step=Step::Rotation title=tr("Rotate and try the old one", "회전하고 이전 것을 시험하기")>
                        {tr("The ", "")}
                        <a href="/rotation">{tr("rotation page", "회전 페이지")}</a>
                        {tr(
                            " replaces a credential, and the server checks the old one again. Depending on the mode, it is refused at \
                            once, or works until it expires.",
                            "에서 인증 정보를 교체하면 서버가 이전 것을 다시 검사합니다. 방식에 따라 이전 것은 즉시 거부되거나, 만료될 때까지 \
                            유효합니다.",
                        )}
                        {renews.then(grace)}
                    </Entry>
                    <Entry step=Step::Reload title=tr("Reload this page", "이 페이지 새로 고침")>
                        {tr(
                            "The browser sends its cookies again, so those sign-ins survive. A token in memory is lost, unless a refresh \
                            cookie can get a new one.",
                            "브라우저가 쿠키를 다시 보내므로 쿠키로 한 로그인은 유지됩니다. 메모리에 있는 토큰은 사라집니다. 리프레시 쿠키로 새 \
                            토큰을 받을 수 있으면 예외입니다.",
                        )}
                    </Entry>
                    <Entry step=Step::SecondTab title=tr("Open a second tab", "두 번째 탭 열기")>
                        {tr(
                            "All tabs share the cookies, also a refresh cookie: the new tab is signed in by them. A token in memory \
                            belongs to one tab. Log out there, and watch this tab.",
                            "모든 탭은 쿠키를 공유하고, 리프레시 쿠키도 공유합니다. 그래서 새 탭은 쿠키로 로그인됩니다. 메모리에 있는 토큰은 한 \
                            탭에만 속합니다. 새 탭에서 로그아웃하고 이 탭을 지켜보십시오.",
                        )}
                    </Entry>
                    <Entry step=Step::LogOut title=tr("Log out, and read what ended", "로그아웃하고 무엇이 끝났는지 읽기")>
                        {tr("On the ", "")}
                        <a href="/logout">{tr("log-out page", "로그아웃 페이지")}</a>
                        {tr(
                            ", some modes stop every copy at once. In the others, copies work until they expire. ",
                            "에서 어떤 방식은 모든 복사본을 즉시 무효화합니다. 다른 방식에서는 복사본이 만료될 때까지 유효합니다. ",
                        )}
                        <span class="scripted">{tr("Try the old copy.", "이전 복사본을 시험해 보십시오.")}</span>
                    </Entry>
                </ol>
            </details>
        </section>
    }
}

/// One step. The server renders it as not done: only the browser knows. Without scripts, no tab learns of another.
#[component]
fn Entry(step: Step, title: &'static str, children: Children) -> impl IntoView {
    let steps = expect_context::<SignIns>().steps();
    let done = Memo::new(move |_| steps.read().contains(&step));
    view! {
        <li class:scripted=step == Step::SecondTab data-step=step.name() data-done=move || done.get().to_string()>
            <h3 class="font-semibold">
                {title}
                <span class="done">{move || done.get().then(|| tr(" · done", " · 완료"))}</span>
            </h3>
            <p class="text-muted text-pretty">{children()}</p>
        </li>
    }
}
