//! The buttons. Each is a form that the server answers with a redirect to the page.

use leptos::prelude::*;

use super::report::{Policy, SandboxReport};

/// The strengths of the access check, and what each leaves open.
const CHECKS: [(&str, &str); 3] = [
    ("signature", "A sealed cookie or an access token is not compared with the database."),
    ("account", "The account is read: it is enabled, and its epoch is that of the credential. The default."),
    ("sign-in", "The sign-in is read, too: it has not ended."),
];

/// A group of buttons: value of the action, label.
type Buttons = &'static [(&'static str, &'static str)];

const OWNER: Buttons = &[
    ("log-in", "Log in"),
    ("me", "Open /me"),
    ("hundred-me", "Open /me 100 times"),
    ("rotate", "Rotate"),
    ("log-out", "Log out"),
];
const THIEF: Buttons =
    &[("steal", "Copy the credentials"), ("thief-me", "Open /me with the copy"), ("thief-rotate", "Rotate the copy")];
const END: Buttons = &[
    ("log-out-everywhere", "Log out everywhere"),
    ("change-password", "Change the password"),
    ("disable", "Disable the account"),
    ("enable", "Enable the account"),
    ("retire-key", "Retire the key"),
];
const RACE: Buttons = &[
    ("race-tabs", "8 tabs of one browser"),
    ("race-programs", "8 programs"),
    ("race-crowd", "64 programs"),
    ("thief-first", "The thief renews first"),
    ("owner-first", "The owner renews first"),
];
const CLOCK: Buttons = &[("five-minutes", "+ 5 min"), ("half-an-hour", "+ 30 min"), ("twelve-hours", "+ 12 h")];
const MEASURE: Buttons = &[("measure", "Ask with the copy until it is refused")];
/// The buttons of one mode.
pub(super) const IN_ONE_MODE: Buttons =
    &[("log-in", "Log in"), ("me", "/me"), ("rotate", "Rotate"), ("log-out", "Log out"), ("steal", "Steal")];

/// The actions in all modes.
pub(super) fn controls(report: &SandboxReport) -> impl IntoView + use<> {
    let count = report.columns.len();
    let groups = [
        ("The owner", format!("Each button acts in all {count} modes."), OWNER),
        ("A thief", "A second client, with copies of the credentials and nothing else.".to_owned(), THIEF),
        ("An end", "Do one of these, then measure how long the copies work.".to_owned(), END),
        ("Measure", "Moves the clock of the sandbox between the requests.".to_owned(), MEASURE),
        ("Renew twice", "One credential, renewed by several. Each button begins with a new login.".to_owned(), RACE),
        ("The clock", "It stands still until you move it.".to_owned(), CLOCK),
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
                    <button class="button quiet" name="action" value=*action aria-label=described>
                        {*label}
                    </button>
                </form>
            }
        })
        .collect_view()
}

/// The policies, and what each does with the second use of a credential.
const POLICIES: [(Policy, &str); 2] = [
    (
        Policy::Default,
        "A refresh token may be used again by the same caller for 10 s; a later use ends the sign-in. A replaced session id or \
         opaque token is refused, and its sign-in goes on.",
    ),
    (Policy::Strict, "No grace. Every second use ends the sign-in, in each mode that stores rows."),
];

/// The form that opens a sandbox. `current` is the sandbox that it would replace.
pub(super) fn open(current: Option<&SandboxReport>) -> impl IntoView + use<> {
    let chosen = current.map_or("account", |report| report.access_check);
    let policy = current.map_or(Policy::Default, |report| report.policy);
    let policies = POLICIES.into_iter().map(|(of, text)| {
        view! {
            <label class="choice">
                <input type="radio" name="policy" value=of.as_str() checked=of == policy />
                <span>
                    <code>{of.as_str()}</code>
                    " "
                    {text}
                </span>
            </label>
        }
    });
    let checks = CHECKS.into_iter().map(|(check, text)| {
        view! {
            <label class="choice">
                <input type="radio" name="access_check" value=check checked=check == chosen />
                <span>
                    <code>{check}</code>
                    " "
                    {text}
                </span>
            </label>
        }
    });
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
            <form method="post" action="/lab" class="mt-5 flex flex-col items-start gap-5">
                <fieldset class="flex flex-col gap-3">
                    <legend class="mb-2 font-medium">"How far is a credential checked on each request?"</legend>
                    {checks.collect_view()}
                </fieldset>
                <fieldset class="flex flex-col gap-3">
                    <legend class="mb-2 font-medium">"What does the second use of a credential do?"</legend>
                    {policies.collect_view()}
                </fieldset>
                <button class="button" name="action" value="open">
                    {title}
                </button>
            </form>
        </section>
    }
}
