//! The buttons. Each is a form that the server answers with a redirect to the page.

use leptos::prelude::*;

use super::{
    action::{AccountEnd, Action, Check, Each, Policy, Renewals, Wait},
    report::SandboxReport,
    text::Text,
};
use crate::locale::tr;

/// The strengths of the access check, and what each leaves open.
const CHECKS: [(Check, Text); 3] = [
    (
        Check::Signature,
        Text::fixed(
            "A credential that contains the identity is not compared with the database.",
            "신원을 담은 인증 정보를 데이터베이스와 비교하지 않습니다.",
        ),
    ),
    (
        Check::Account,
        Text::fixed(
            "The account is read: it is enabled, and its epoch is that of the credential. The default.",
            "계정을 읽습니다. 계정이 활성화되어 있고, 에포크가 인증 정보의 에포크와 같아야 합니다. 기본값입니다.",
        ),
    ),
    (
        Check::SignIn,
        Text::fixed(
            "The sign-in is read, too: it has not ended.",
            "로그인도 읽습니다. 로그인이 끝나지 않았어야 합니다.",
        ),
    ),
];

/// The policies, and what each does with the second use of a credential.
const POLICIES: [(Policy, Text); 2] = [
    (
        Policy::Default,
        Text::fixed(
            "The same caller may use a refresh token again for 10 s; a later use ends the sign-in. Any other replaced credential is \
             refused, and its sign-in goes on.",
            "같은 호출자는 10초 동안 리프레시 토큰을 다시 사용할 수 있습니다. 그 뒤에 사용하면 로그인이 끝납니다. 리프레시 토큰이 아닌 인증 정보는 교체된 뒤에는 거부되고, 로그인은 계속됩니다.",
        ),
    ),
    (
        Policy::Strict,
        Text::fixed(
            "No grace. Every second use ends the sign-in, in each mode that stores rows.",
            "유예 시간이 없습니다. 행을 보관하는 방식에서는 두 번째 사용이 모두 로그인을 끝냅니다.",
        ),
    ),
];

/// A group of buttons, with their labels.
type Buttons = &'static [(Action, Text)];

const OWNER: Buttons = &[
    (Action::Each(Each::LogIn), Text::fixed("Log in", "로그인")),
    (Action::Each(Each::Me), Text::fixed("Open /me", "/me 열기")),
    (Action::Each(Each::HundredMe), Text::fixed("Open /me 100 times", "/me 100번 열기")),
    (Action::Each(Each::Rotate), Text::fixed("Rotate", "회전")),
    (Action::Each(Each::LogOut), Text::fixed("Log out", "로그아웃")),
];
const THIEF: Buttons = &[
    (Action::Each(Each::Steal), Text::fixed("Copy the credentials", "인증 정보 복사")),
    (Action::Each(Each::ThiefMe), Text::fixed("Open /me with the copy", "복사본으로 /me 열기")),
    (Action::Each(Each::ThiefRotate), Text::fixed("Rotate the copy", "복사본 회전")),
];
const END: Buttons = &[
    (Action::End(AccountEnd::LogOutEverywhere), Text::fixed("Log out everywhere", "모든 곳에서 로그아웃")),
    (Action::End(AccountEnd::ChangePassword), Text::fixed("Change the password", "비밀번호 변경")),
    (Action::End(AccountEnd::Disable), Text::fixed("Disable the account", "계정 비활성화")),
    (Action::End(AccountEnd::Enable), Text::fixed("Enable the account", "계정 활성화")),
    (Action::End(AccountEnd::RetireKey), Text::fixed("Retire the key", "키 폐기")),
];
const RENEW: Buttons = &[
    (Action::Renew(Renewals::Tabs), Text::fixed("8 tabs of one browser", "한 브라우저의 탭 8개")),
    (Action::Renew(Renewals::Programs), Text::fixed("8 programs", "프로그램 8개")),
    (Action::Renew(Renewals::Crowd), Text::fixed("64 programs", "프로그램 64개")),
    (Action::Renew(Renewals::ThiefFirst), Text::fixed("The thief renews first", "도둑이 먼저 갱신")),
    (Action::Renew(Renewals::OwnerFirst), Text::fixed("The owner renews first", "소유자가 먼저 갱신")),
];
const CLOCK: Buttons = &[
    (Action::Wait(Wait::FiveMinutes), Text::fixed("+ 5 min", "+ 5분")),
    (Action::Wait(Wait::HalfAnHour), Text::fixed("+ 30 min", "+ 30분")),
    (Action::Wait(Wait::TwelveHours), Text::fixed("+ 12 h", "+ 12시간")),
];
const MEASURE: Buttons =
    &[(Action::Measure, Text::fixed("Ask with the copy until it is refused", "거부될 때까지 복사본으로 요청"))];
/// The buttons of one mode.
pub(super) const IN_ONE_MODE: Buttons = &[
    (Action::Each(Each::LogIn), Text::fixed("Log in", "로그인")),
    (Action::Each(Each::Me), Text::name("/me")),
    (Action::Each(Each::Rotate), Text::fixed("Rotate", "회전")),
    (Action::Each(Each::LogOut), Text::fixed("Log out", "로그아웃")),
    (Action::Each(Each::Steal), Text::fixed("Steal", "훔치기")),
];

/// The actions in all modes.
pub(super) fn controls() -> impl IntoView {
    let groups = [
        (
            tr("The owner", "소유자"),
            tr("Each button acts in every mode.", "각 버튼은 모든 방식에서 동작합니다."),
            OWNER,
        ),
        (
            tr("A thief", "도둑"),
            tr(
                "A second client, with copies of the credentials and nothing else.",
                "인증 정보의 복사본 외에는 아무것도 없는 두 번째 클라이언트입니다.",
            ),
            THIEF,
        ),
        (
            tr("An end", "끝내기"),
            tr(
                "Do one of these, then measure how long the copies work.",
                "이 중 하나를 한 다음, 복사본이 얼마나 오래 유효한지 측정하십시오.",
            ),
            END,
        ),
        (
            tr("Measure", "측정"),
            tr(
                "Moves the clock of the sandbox between the requests.",
                "요청 사이에 샌드박스의 시계를 앞으로 돌립니다.",
            ),
            MEASURE,
        ),
        (
            tr("Renew twice", "두 번 갱신"),
            tr(
                "One credential, renewed by several. Each button begins with a new login.",
                "인증 정보 하나를 여럿이 갱신합니다. 각 버튼은 새 로그인으로 시작합니다.",
            ),
            RENEW,
        ),
        (
            tr("The clock", "시계"),
            tr("It stands still until you move it.", "앞으로 돌리기 전까지 멈춰 있습니다."),
            CLOCK,
        ),
    ];
    let groups = groups.into_iter().map(|(title, text, all)| {
        view! {
            <section class="lab-group">
                <h3>{title}</h3>
                <p>{text}</p>
                <div class="actions">{buttons(all, None)}</div>
            </section>
        }
    });
    view! { <div class="lab-groups">{groups.collect_view()}</div> }
}

/// A form for each action. `mode` limits it to one mode.
pub(super) fn buttons(all: Buttons, mode: Option<(&str, &str)>) -> impl IntoView + use<> {
    all.iter()
        .map(|(action, label)| {
            let label = label.shown();
            let described = mode.map(|(_, name)| format!("{label}: {name}"));
            view! {
                <form method="post" action="/lab">
                    {mode.map(|(id, _)| view! { <input type="hidden" name="mode" value=id.to_owned() /> })}
                    <button class="button quiet" name="action" value=action.as_str() aria-label=described>
                        {label}
                    </button>
                </form>
            }
        })
        .collect_view()
}

/// The choices of a group, of which one is taken.
fn choices(name: &'static str, all: impl Iterator<Item = (&'static str, Text, bool)>) -> impl IntoView {
    all.map(|(value, text, checked)| {
        view! {
            <label class="choice">
                <input type="radio" name=name value=value checked=checked />
                <span>
                    <code>{value}</code>
                    " "
                    {text.shown()}
                </span>
            </label>
        }
    })
    .collect_view()
}

/// The form that opens a sandbox. `current` is the sandbox that it would replace.
pub(super) fn open(current: Option<&SandboxReport>) -> impl IntoView + use<> {
    let now = current.map(|report| report.choices).unwrap_or_default();
    let checks = CHECKS.into_iter().map(|(check, text)| (check.as_str(), text, check == now.access_check));
    let policies = POLICIES.into_iter().map(|(policy, text)| (policy.as_str(), text, policy == now.policy));
    let (title, text) = match current {
        None => (
            tr("Open a sandbox", "샌드박스 열기"),
            tr(
                "It has a database, keys, an account and a clock of its own. It ends after 30 minutes without use.",
                "데이터베이스, 키, 계정, 시계가 따로 있습니다. 30분 동안 사용하지 않으면 끝납니다.",
            ),
        ),
        Some(_) => (
            tr("Begin again", "다시 시작"),
            tr("A new sandbox replaces this one.", "새 샌드박스가 이 샌드박스를 대체합니다."),
        ),
    };
    view! {
        <section class="block-section" aria-labelledby="open">
            <h2 id="open" class="section-title">{title}</h2>
            <p class="mt-2 text-muted">{text}</p>
            <form method="post" action="/lab/sandbox" class="mt-5 flex flex-col items-start gap-5">
                <fieldset class="flex flex-col gap-3">
                    <legend class="mb-2 font-medium">{tr("How far is a credential checked on each request?", "요청마다 인증 정보를 어디까지 검사합니까?")}</legend>
                    {choices("access_check", checks)}
                </fieldset>
                <fieldset class="flex flex-col gap-3">
                    <legend class="mb-2 font-medium">{tr("What does the second use of a credential do?", "인증 정보를 두 번째로 사용하면 어떻게 됩니까?")}</legend>
                    {choices("policy", policies)}
                </fieldset>
                <button class="button">
                    {title}
                </button>
            </form>
        </section>
    }
}
