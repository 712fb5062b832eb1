use leptos::prelude::*;

use crate::{
    client::{Scope, SignIns},
    components::{
        Announcement, Cell, Columns, Instant, Listed, Listing, LogOutButton, Remaining, SubmitButton,
        ends_at_the_latest, ends_if_not_used,
    },
    types::{CredentialEntry, ModeInfo},
    user_agent,
};

use super::end_sign_ins_form::{END_FORM_ID, EndSignIns};

/// The message after ending one sign-in, with scripts and without.
pub(crate) const SIGN_IN_ENDED: &str = "That sign-in has ended.";

/// The user's sign-ins in all modes. `info` is the mode of the page's own sign-in.
#[component]
pub(crate) fn CredentialTable(
    info: ModeInfo,
    credentials: Listing<CredentialEntry>,
    ending: EndSignIns,
) -> impl IntoView {
    // Everything that can change in an entry: a change rebuilds the row.
    let key = |entry: &CredentialEntry| (entry.id.clone(), entry.last_seen_at, entry.expires_at, entry.current);
    let info = StoredValue::new(info);
    view! {
        <Listed listing=credentials empty="The server's list has no sign-in of this account.">
            <table role="table" class="records" aria-labelledby="signed-in-at">
                <Columns names=vec!["Mode", "Program", "Address", "Signed in", "Last seen", ends_if_not_used(), ends_at_the_latest(), "Action"] />
                <tbody role="rowgroup">
                    <For each=move || credentials.entries() key let:entry>
                        <Row info=info.get_value() credentials ending entry />
                    </For>
                </tbody>
            </table>
        </Listed>
    }
}

#[component]
fn Row(
    info: ModeInfo,
    credentials: Listing<CredentialEntry>,
    ending: EndSignIns,
    entry: CredentialEntry,
) -> impl IntoView {
    let mode = expect_context::<SignIns>().info(&entry.mode);
    let name = mode.map_or_else(|| entry.mode.to_string(), |mode| mode.name);
    let program = user_agent::in_words(&entry.user_agent);
    let about = format!("{name}, {program}");
    let address = if entry.address.is_empty() { "Unknown".to_owned() } else { entry.address.clone() };
    let (id, current) = (entry.id.clone(), entry.current);
    view! {
        <tr role="row" data-credential=id data-current=current.to_string()>
            <th role="rowheader" scope="row">
                {name}
                {current.then(|| view! { " " <span class="badge">"This page"</span> })}
            </th>
            <Cell label="Program" whole=entry.user_agent.clone()>{program}</Cell>
            <Cell label="Address">{address}</Cell>
            <Cell label="Signed in"><Instant at=entry.created_at /></Cell>
            <Cell label="Last seen"><Instant at=entry.last_seen_at /></Cell>
            <Cell label=ends_if_not_used()><Remaining until=entry.expires_at /></Cell>
            <Cell label=ends_at_the_latest()><Remaining until=entry.absolute_expires_at /></Cell>
            <td role="cell">
                // The page's own sign-in is ended by a logout, which also deletes this browser's credential.
                {if current {
                    view! { <LogOutButton info scope=Scope::Here label="Log out" /> }.into_any()
                } else {
                    view! { <EndButton info credentials ending entry about /> }.into_any()
                }}
            </td>
        </tr>
    }
}

#[component]
fn EndButton(
    info: ModeInfo,
    credentials: Listing<CredentialEntry>,
    ending: EndSignIns,
    entry: CredentialEntry,
    about: String,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let action = format!("/api/{}/credentials/{}/end", info.id, entry.id);
    let end = move |event: leptos::ev::MouseEvent| {
        // Prevent the submission of the form, which would end all other sign-ins.
        event.prevent_default();
        let Some(password) = ending.password() else { return };
        let (mode, entry) = (info.id.clone(), entry.clone());
        let work = async move {
            sign_ins.end_credential(&mode, &entry, &password).await?;
            credentials.reload().await;
            Ok(())
        };
        ending.task.run(work, move |()| {
            ending.clear();
            announcement.show(SIGN_IN_ENDED);
        });
    };
    view! {
        <SubmitButton
            label="End"
            about=Some(about)
            busy=ending.task.busy()
            quiet=true
            attr:form=END_FORM_ID
            attr:formaction=action
            on:click=end
        />
    }
}
