mod audit_log;

use leptos::prelude::*;

use crate::components::ModeTabs; // part: comparison
use crate::{
    client::SignIns,
    components::{Cell, Columns, Instant, Listed, Listing, Page, Paging, Protected, RenderedList},
    types::{AUDIT_PAGE, AuditEntry, ModeInfo},
    user_agent,
};

use super::{cursor, mode_page};

use audit_log::AuditOutcome;

/// `/account/{mode}/activity`: the audit log of the user's account.
#[component]
pub(crate) fn Activity() -> impl IntoView {
    let before = cursor("before");
    mode_page(move |info| view! { <ActivityPage info before=before.get() of_all=false /> })
}

/// `/admin/{mode}/activity`: the audit log of all accounts.
#[component]
pub(crate) fn AllActivity() -> impl IntoView {
    let before = cursor("before");
    mode_page(move |info| view! { <ActivityPage info before=before.get() of_all=true /> })
}

#[component]
fn ActivityPage(
    info: ModeInfo,
    before: Option<String>,
    /// The log of all accounts, for an administrator.
    of_all: bool,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let first = before.is_none();
    let (above, link) = if of_all { ("admin", "All accounts") } else { ("account", "Your account") };
    let tabs = if of_all { "/admin/{mode}/activity" } else { "/account/{mode}/activity" }; // part: comparison
    let above = format!("/{above}/{}", info.id);
    let path = format!("{above}/activity");
    let mode = info.id.clone();
    let activity = Listing::new(&info.id, RenderedList::activity(), move || {
        let (mode, before) = (mode.clone(), before.clone());
        async move {
            if of_all {
                sign_ins.all_activity(&mode, before.as_deref()).await
            } else {
                sign_ins.activity(&mode, before.as_deref()).await
            }
        }
    });
    view! {
        <Page title=title(of_all, first) lead=if of_all { OF_ALL } else { OF_USER }>
            <ModeTabs current=info.id.clone() path=tabs /> // part: comparison
            <Protected info=info.clone() path=path.clone()>
                <p class="mt-6">
                    <a class="button quiet" href=above.clone()>{link}</a>
                </p>
                <ActivityTable activity path=path.clone() first of_all />
            </Protected>
        </Page>
    }
}

fn title(of_all: bool, first: bool) -> &'static str {
    match (of_all, first) {
        (false, true) => "Activity",
        (false, false) => "Earlier activity",
        (true, true) => "All activity",
        (true, false) => "All earlier activity",
    }
}

const OF_USER: &str = "Every action on this account and its outcome, latest first. Events with the same code in the column \
    “Sign-in” belong to the same sign-in. If you do not recognise a sign-in, end all other sign-ins and change your password.";

const OF_ALL: &str = "Every action on every account and its outcome, latest first. A username that belongs to no account is not \
    recorded: people sometimes type their password into that field.";

/// The number of characters shown of a sign-in's hash: enough to see which events belong together.
const HASH_SHOWN: usize = 8;

/// A page of the audit log.
#[component]
fn ActivityTable(
    activity: Listing<AuditEntry>,
    /// The address of the first page.
    path: String,
    /// Whether this is the first page, with the latest events.
    first: bool,
    /// Whether to show the account of each event.
    of_all: bool,
) -> impl IntoView {
    let next = activity.next(AUDIT_PAGE, |entry| &entry.id);
    let mut names = vec!["When", "What", "Outcome", "Mode", "From", "Sign-in"];
    if of_all {
        names.insert(1, "Account");
    }
    view! {
        <Listed listing=activity empty="Nothing more is recorded.">
            <table role="table" class="records" aria-label="Activity">
                <Columns names=names.clone() />
                <tbody role="rowgroup">
                    <For each=move || activity.entries() key=|entry| entry.id.clone() let:entry>
                        <Row entry of_all />
                    </For>
                </tbody>
            </table>
        </Listed>
        <Paging path words=("Newest", "Older") first parameter="before" next />
    }
}

#[component]
fn Row(entry: AuditEntry, of_all: bool) -> impl IntoView {
    let mode = entry.mode.map(|mode| match expect_context::<SignIns>().info(&mode) {
        Some(info) => info.name,
        None => mode.to_string(),
    });
    let outcome = AuditOutcome::parse(&entry.outcome);
    let (flag, words, action) =
        (outcome.as_str(), outcome.in_words(), audit_log::action_name(&entry.action, &entry.outcome));
    let by = entry.actor.map(|actor| format!(" (by {actor})"));
    let sign_in = match entry.credential_hash {
        Some(hash) => {
            let shown: String = hash.chars().take(HASH_SHOWN).collect();
            view! { <code title=hash>{shown}</code> }.into_any()
        }
        None => "–".into_any(),
    };
    view! {
        <tr role="row" data-action=entry.action data-outcome=flag>
            <th role="rowheader" scope="row"><Instant at=entry.at /></th>
            {of_all.then(|| view! { <Cell label="Account">{or_dash(entry.username)}</Cell> })}
            <Cell label="What">{action}{by}</Cell>
            <Cell label="Outcome"><span class="outcome">{words}</span></Cell>
            <Cell label="Mode">{or_dash(mode)}</Cell>
            <Cell label="From" whole=entry.user_agent.clone()>
                {user_agent::in_words(&entry.user_agent)}
                {(!entry.address.is_empty()).then(|| format!(", {}", entry.address))}
            </Cell>
            <Cell label="Sign-in">{sign_in}</Cell>
        </tr>
    }
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}
