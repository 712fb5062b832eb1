use leptos::{html::Input, prelude::*};

use crate::{
    client::SignIns,
    components::{
        AccountOfForm, Announcement, ErrorNote, Listing, PasswordField, SubmitButton, Task, ended_message,
        new_password, signed_in_user,
    },
    error::AppError,
    types::{CredentialEntry, ModeInfo},
};

/// The message after a change of password, with scripts and without.
pub(crate) const PASSWORD_CHANGED: &str = "Your password has been changed. All other sign-ins of this account have ended. This sign-in continues with a new credential.";

/// Changes the password. It asks for the current one, because a thief of the credential does not know it.
#[component]
pub(crate) fn PasswordForm(
    info: ModeInfo,
    credentials: Listing<CredentialEntry>,
    /// The result of a form without JavaScript.
    error: Option<AppError>,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let task = Task::new(error);
    let typed = RwSignal::new(0);
    let (current, new) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let user = signed_in_user(&info.id);
    let mode = info.id.to_string();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(current), Some(new)) = (current.get(), new.get()) else { return };
        let (mode, old, wanted) = (info.id.clone(), current.value(), new.value());
        let work = async move {
            let revocation = sign_ins.change_password(&mode, &old, &wanted).await?;
            credentials.reload().await;
            Ok(revocation)
        };
        task.run(work, move |revocation| {
            current.set_value("");
            new.set_value("");
            _ = typed.try_set(0);
            announcement.show(ended_message(PASSWORD_CHANGED, revocation, sign_ins.now().get_untracked()));
        });
    };
    view! {
        <form
            class="panel mt-6 max-w-xl"
            aria-labelledby="change-password"
            method="post"
            action="/api/account/password"
            novalidate
            on:submit=submit
        >
            <ErrorNote error=task.error() />
            <input type="hidden" name="mode" value=mode />
            <AccountOfForm user />
            <PasswordField
                name="current"
                label="Current password"
                autocomplete="current-password"
                node=current
                problems=task.problems("current")
            />
            <PasswordField
                name="new"
                label="New password"
                autocomplete="new-password"
                node=new
                typed
                hint=new_password()
                problems=task.problems("new")
            />
            <SubmitButton label="Change password" busy=task.busy() />
        </form>
    }
}
