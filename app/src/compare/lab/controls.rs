//! The buttons. Each is a form that the server answers with a redirect to the page.

use leptos::prelude::*;

use super::{
    action::{AccountEnd, Action, Check, Each, Policy, Renewals, Wait},
    report::SandboxReport,
};

/// The strengths of the access check, and what each leaves open.
const CHECKS: [(Check, &str); 3] = [
    (Check::Signature, "A credential that contains the identity is not compared with the database."),
    (Check::Account, "The account is read: it is enabled, and its epoch is that of the credential. The default."),
    (Check::SignIn, "The sign-in is read, too: it has not ended."),
];

/// The policies, and what each does with the second use of a credential.
const POLICIES: [(Policy, &str); 2] = [
    (
        Policy::Default,
        "The same caller may use a refresh token again for 10 s; a later use ends the sign-in. Any other replaced credential is \
         refused, and its sign-in goes on.",
    ),
    (Policy::Strict, "No grace. Every second use ends the sign-in, in each mode that stores rows."),
];

/// A group of buttons, with their labels.
type Buttons = &'static [(Action, &'static str)];

const OWNER: Buttons = &[
    (Action::Each(Each::LogIn), "Log in"),
    (Action::Each(Each::Me), "Open /me"),
    (Action::Each(Each::HundredMe), "Open /me 100 times"),
    (Action::Each(Each::Rotate), "Rotate"),
    (Action::Each(Each::LogOut), "Log out"),
];
const THIEF: Buttons = &[
    (Action::Each(Each::Steal), "Copy the credentials"),
    (Action::Each(Each::ThiefMe), "Open /me with the copy"),
    (Action::Each(Each::ThiefRotate), "Rotate the copy"),
];
const END: Buttons = &[
    (Action::End(AccountEnd::LogOutEverywhere), "Log out everywhere"),
    (Action::End(AccountEnd::ChangePassword), "Change the password"),
    (Action::End(AccountEnd::Disable), "Disable the account"),
    (Action::End(AccountEnd::Enable), "Enable the account"),
    (Action::End(AccountEnd::RetireKey), "Retire the key"),
];
const RENEW: Buttons = &[
    (Action::Renew(Renewals::Tabs), "8 tabs of one browser"),
    (Action::Renew(Renewals::Programs), "8 programs"),
    (Action::Renew(Renewals::Crowd), "64 programs"),
    (Action::Renew(Renewals::ThiefFirst), "The thief renews first"),
    (Action::Renew(Renewals::OwnerFirst), "The owner renews first"),
];
const CLOCK: Buttons = &[
    (Action::Wait(Wait::FiveMinutes), "+ 5 min"),
    (Action::Wait(Wait::HalfAnHour), "+ 30 min"),
    (Action::Wait(Wait::TwelveHours), "+ 12 h"),
];
const MEASURE: Buttons = &[(Action::Measure, "Ask with the copy until it is refused")];
/// The buttons of one mode.
pub(super) const IN_ONE_MODE: Buttons = &[
    (Action::Each(Each::LogIn), "Log in"),
    (Action::Each(Each::Me), "/me"),
    (Action::Each(Each::Rotate), "Rotate"),
    (Action::Each(Each::LogOut), "Log out"),
    (Action::Each(Each::Steal), "Steal"),
];

/// The actions in all modes.
pub(super) fn controls() -> impl IntoView {
    let groups = [
        ("The owner", "Each button acts in every mode.", OWNER),
        ("A thief", "A second client, with copies of the credentials and nothing else.", THIEF),
        ("An end", "Do one of these, then measure how long the copies work.", END),
        ("Measure", "Moves the clock of the sandbox between the requests.", MEASURE),
        ("Renew twice", "One credential, renewed by several. Each button begins with a new login.", RENEW),
        ("The clock", "It stands still until you move it.", CLOCK),
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
            let described = mode.map(|(_, name)| format!("{label}: {name}"));
            view! {
                <form method="post" action="/lab">
                    {mode.map(|(id, _)| view! { <input type="hidden" name="mode" value=id.to_owned() /> })}
                    <button class="button quiet" name="action" value=action.as_str() aria-label=described>
                        {*label}
                    </button>
                </form>
            }
        })
        .collect_view()
}

/// The choices of a group, of which one is taken.
fn choices(name: &'static str, all: impl Iterator<Item = (&'static str, &'static str, bool)>) -> impl IntoView {
    all.map(|(value, text, checked)| {
        view! {
            <label class="choice">
                <input type="radio" name=name value=value checked=checked />
                <span>
                    <code>{value}</code>
                    " "
                    {text}
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
            "Open a sandbox",
            "It has a database, keys, an account and a clock of its own. It ends after 30 minutes without use.",
        ),
        Some(_) => ("Begin again", "A new sandbox replaces this one."),
    };
    view! {
        <section class="block-section" aria-labelledby="open">
            <h2 id="open" class="section-title">{title}</h2>
            <p class="mt-2 text-muted">{text}</p>
            <form method="post" action="/lab/sandbox" class="mt-5 flex flex-col items-start gap-5">
                <fieldset class="flex flex-col gap-3">
                    <legend class="mb-2 font-medium">"How far is a credential checked on each request?"</legend>
                    {choices("access_check", checks)}
                </fieldset>
                <fieldset class="flex flex-col gap-3">
                    <legend class="mb-2 font-medium">"What does the second use of a credential do?"</legend>
                    {choices("policy", policies)}
                </fieldset>
                <button class="button">
                    {title}
                </button>
            </form>
        </section>
    }
}
