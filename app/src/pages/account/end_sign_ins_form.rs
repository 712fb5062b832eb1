use leptos::{html::Input, prelude::*};

use crate::{
    client::SignIns,
    components::{
        AccountOfForm, Announcement, ErrorNote, Listing, PasswordField, SubmitButton, Task, ended_message,
        signature_only, signed_in_user,
    },
    error::AppError,
    types::{CredentialEntry, ModeInfo},
};

/// The id of the form. Buttons elsewhere on the page belong to it by their `form` attribute, so they share one password
/// field, also without scripts.
pub(crate) const END_FORM_ID: &str = "end-sign-ins";

/// The message after ending all other sign-ins, with scripts and without.
pub(crate) const OTHERS_ENDED: &str =
    "All other sign-ins of this account have ended. This sign-in continues with a new credential.";

/// Shared by the form and the buttons outside of it: the password field, and one call at a time.
#[derive(Clone, Copy)]
pub(crate) struct EndSignIns {
    pub(crate) task: Task,
    password: NodeRef<Input>,
}

impl EndSignIns {
    /// `error` is the result of a form without JavaScript.
    pub(crate) fn new(error: Option<AppError>) -> Self {
        Self { task: Task::new(error), password: NodeRef::new() }
    }

    /// The typed password. `None` if the form is gone.
    pub(crate) fn password(self) -> Option<String> {
        self.password.get_untracked().map(|input| input.value())
    }

    /// Clears the password field after success.
    pub(crate) fn clear(self) {
        if let Some(Some(input)) = self.password.try_get_untracked() {
            input.set_value("");
        }
    }
}

/// Ends every sign-in except the page's own. It asks for the password, because a thief of the credential does not know
/// it.
///
/// The form is before the table: the Enter key presses the first button of a form in document order, which must not be
/// the button of a single row.
#[component]
pub(crate) fn EndSignInsForm(
    info: ModeInfo,
    credentials: Listing<CredentialEntry>,
    ending: EndSignIns,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let user = signed_in_user(&info.id);
    let has_row = info.remembers;
    let action = format!("/api/{}/credentials/end-others", info.id);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(password) = ending.password() else { return };
        let mode = info.id.clone();
        let work = async move {
            let revocation = sign_ins.end_others(&mode, &password).await?;
            credentials.reload().await;
            Ok(revocation)
        };
        ending.task.run(work, move |revocation| {
            ending.clear();
            announcement.show(ended_message(OTHERS_ENDED, revocation, sign_ins.now().get_untracked()));
        });
    };
    view! {
        <form
            id=END_FORM_ID
            class="panel split mt-6"
            aria-label="End sign-ins"
            method="post"
            action=action
            novalidate
            on:submit=submit
        >
            <div class="text-stack">
                <p>
                    "Enter your password to end other sign-ins: a single one with its button “End” in the list below, or all of them \
                    with “End all others”."
                    {has_row.then_some(" To end this sign-in, use “Log out” in its row: it needs no password.")}
                </p>
                <p>
                    "“End all others” ends every sign-in of this account except this one, on all devices"
                    " and in all modes" // part: comparison
                    ", including those that are not on the list. This sign-in continues with a new credential, which replaces the old one and its \
                    copies."
                </p>
                <p>{signature_only()}</p>
            </div>
            <div class="stack">
                <ErrorNote error=ending.task.error() />
                <AccountOfForm user />
                <PasswordField
                    label="Your password"
                    autocomplete="current-password"
                    node=ending.password
                    problems=ending.task.problems("password")
                />
                <SubmitButton label="End all others" busy=ending.task.busy() quiet=true />
            </div>
        </form>
    }
}
