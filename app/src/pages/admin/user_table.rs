use leptos::prelude::*;

use crate::{
    client::{SignIns, api::UserChange},
    components::{
        Announcement, ApiButton, Cell, Columns, Instant, Listed, Listing, Task, ended_message, signed_in_user,
    },
    types::{ModeInfo, Revocation, UserEntry},
};

/// All accounts, with the actions of an administrator. `info` is the mode of the page's own sign-in.
#[component]
pub(crate) fn UserTable(info: ModeInfo, users: Listing<UserEntry>) -> impl IntoView {
    // Everything that can change in an entry: a change rebuilds the row.
    let key = |user: &UserEntry| (user.id.clone(), user.last_login_at, user.disabled_at);
    let info = StoredValue::new(info);
    view! {
        <Listed listing=users empty="There are no more accounts.">
            <table role="table" class="records" aria-label="Accounts">
                <Columns names=vec!["Username", "Role", "Created", "Last login", "State", "Change"] />
                <tbody role="rowgroup">
                    <For each=move || users.entries() key let:user>
                        <Row info=info.get_value() users user />
                    </For>
                </tbody>
            </table>
        </Listed>
    }
}

#[component]
fn Row(info: ModeInfo, users: Listing<UserEntry>, user: UserEntry) -> impl IntoView {
    let admin = signed_in_user(&info.id);
    let id = user.id.clone();
    let own = Memo::new(move |_| admin.with(|me| me.as_ref().is_some_and(|me| me.id == id)));
    let state = match user.disabled_at {
        Some(since) => view! { "Disabled since " <Instant at=since /> }.into_any(),
        None => "Active".into_any(),
    };
    let last_login = match user.last_login_at {
        Some(at) => view! { <Instant at /> }.into_any(),
        None => "–".into_any(),
    };
    let username = user.username.clone();
    let toggle = if user.disabled_at.is_some() { UserChange::Enable } else { UserChange::Disable };
    view! {
        <tr role="row" data-user=username>
            <th role="rowheader" scope="row">{user.username.clone()}</th>
            <Cell label="Role">{user.role.as_str()}</Cell>
            <Cell label="Created"><Instant at=user.created_at /></Cell>
            <Cell label="Last login">{last_login}</Cell>
            <Cell label="State">{state}</Cell>
            <td role="cell">
                // No actions on the administrator's own account: there may be no other administrator to undo them.
                {move || if own.get() {
                    let account = format!("/account/{}", info.id);
                    view! { <a class="link" href=account>"Your account"</a> }.into_any()
                } else {
                    view! {
                        <div class="actions">
                            <ChangeButton info=info.clone() users user=user.clone() change=toggle />
                            <ChangeButton info=info.clone() users user=user.clone() change=UserChange::Expire />
                        </div>
                    }
                        .into_any()
                }}
            </td>
        </tr>
    }
}

#[component]
fn ChangeButton(info: ModeInfo, users: Listing<UserEntry>, user: UserEntry, change: UserChange) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let task = Task::new(None);
    let label = match change {
        UserChange::Disable => "Disable",
        UserChange::Enable => "Enable",
        UserChange::Expire => "End sign-ins",
    };
    let action = change.path(&user.id);
    let fields = vec![("mode", info.id.to_string())];
    let about = user.username.clone();
    let run = Callback::new(move |()| {
        let (mode, user) = (info.id.clone(), user.clone());
        let username = user.username.clone();
        let work = async move {
            let revocation = sign_ins.change_user(&mode, &user.id, change).await?;
            users.reload().await;
            Ok(revocation)
        };
        task.run(work, move |revocation| {
            let now = sign_ins.now().get_untracked();
            announcement.show(format!("{username}: {}", change_message(change, revocation, now)));
        });
    });
    view! { <ApiButton action label about quiet=true fields task run /> }
}

/// The result of a change, which goes on after a colon.
pub(crate) fn change_message(change: UserChange, revocation: Revocation, now: i64) -> String {
    match change {
        UserChange::Disable => {
            let what = "the account is disabled. All its sign-ins have ended, and new logins are refused.";
            ended_message(what, revocation, now)
        }
        UserChange::Enable => "the account is enabled. The user has to log in again.".to_owned(),
        UserChange::Expire => ended_message("all sign-ins have ended.", revocation, now),
    }
}
