use leptos::prelude::*;

use crate::{
    client::SignIns,
    components::{Cell, Columns, Instant, Listed, Listing, Paging},
    types::{AUDIT_PAGE, AuditEntry},
    user_agent,
};

use super::audit_log::{self, AuditOutcome};

/// The number of characters shown of a credential's hash: enough to see which events belong together.
const HASH_SHOWN: usize = 8;

/// A page of the audit log.
#[component]
pub(crate) fn ActivityTable(
    activity: Listing<AuditEntry>,
    /// The address of the first page.
    path: String,
    /// Whether this is the first page, with the latest events.
    first: bool,
    /// Whether to show the account of each event.
    #[prop(optional)]
    of_all: bool,
) -> impl IntoView {
    let next = Signal::derive(move || {
        let entries = activity.entries();
        (entries.len() >= usize::from(AUDIT_PAGE)).then(|| entries.last().map(|last| last.id.clone())).flatten()
    });
    let mut names = vec!["When", "What", "Outcome", "Mode", "From", "Credential"];
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
    let (flag, words, action) = (outcome.as_str(), outcome.in_words(), audit_log::action_name(&entry.action));
    let by = entry.actor.map(|actor| format!(" (by {actor})"));
    let credential = match entry.credential_hash {
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
            <Cell label="Credential">{credential}</Cell>
        </tr>
    }
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}
