use leptos::prelude::*;

use crate::{
    sign_ins::{SignIn, SignIns},
    types::{CredentialEntry, ModeInfo},
};

use super::{Announcement, ApiButton, Listing, Task, who};

/// What the page says after it, whoever posted the form.
pub(crate) const OTHERS_ENDED: &str =
    "All other sign-ins of this account have ended. This browser goes on with a new credential.";

/// Ends all that the user is signed in by but the one that asks; and says what of it is on no list.
#[component]
pub(crate) fn EndOthers(info: ModeInfo, credentials: Listing<CredentialEntry>) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let task = Task::new(None);
    let action = format!("/api/{}/credentials/end-others", info.id);
    let mode = info.id.clone();
    let run = Callback::new(move |()| {
        let mode = mode.clone();
        let work = async move {
            sign_ins.end_others(&mode).await?;
            credentials.reload().await;
            Ok(())
        };
        task.run(work, move |()| announcement.say(OTHERS_ENDED));
    });
    view! {
        <div class="mt-8 flex max-w-3xl flex-col gap-4 text-pretty text-muted">
            <Unlisted info credentials />
            <p>
                "“End all others” reaches those, too. It ends every sign-in of this account, on every device and in every mode, \
                by a number in the account that each of them must equal. The one that you ask by gets a successor."
            </p>
            <ApiButton action label="End all others" quiet=true task run />
        </div>
    }
}

/// Honest about the list: what it cannot show, and what ending an entry of it cannot reach.
#[component]
fn Unlisted(info: ModeInfo, credentials: Listing<CredentialEntry>) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let reader = who(&info.id);
    let modes: Vec<_> = sign_ins.modes().into_iter().map(|info| (sign_ins.state(&info.id), info)).collect();
    let listed = Memo::new(move |_| credentials.entries().into_iter().map(|entry| entry.mode).collect::<Vec<_>>());
    // Without a row, though this browser holds a credential of it.
    let unlisted = {
        let modes = modes.clone();
        Memo::new(move |_| {
            let reader = reader.get().map(|me| me.id);
            let is_readers = |state: &SignIn| matches!(state, SignIn::SignedIn(me) if Some(&me.id) == reader.as_ref());
            let names =
                modes.iter().filter(|(state, info)| state.with(is_readers) && !listed.read().contains(&info.id));
            names.map(|(_, info)| info.name.clone()).collect::<Vec<_>>().join(" and ")
        })
    };
    let renewed = Memo::new(move |_| {
        let names = modes.iter().filter(|(_, info)| info.renews_silently && listed.read().contains(&info.id));
        names.map(|(_, info)| info.name.clone()).collect::<Vec<_>>().join(" and ")
    });
    let is_known = move || credentials.is_known();
    view! {
        <p data-testid="unlisted">
            "This list is what the server remembers. A credential that carries everything in itself is on no list: the server \
            does not know who holds one, and cannot end one alone. "
            {move || {
                let names = unlisted.get();
                (is_known() && !names.is_empty())
                    .then(|| view! { <strong>{format!("{names}, by which you are signed in here, is of that kind.")}</strong> })
            }}
        </p>
        {move || {
            let names = renewed.get();
            (!names.is_empty()).then(|| view! {
                <p>
                    {format!("{names}: ending one stops its renewal. An access token that is out already may live out its minutes.")}
                </p>
            })
        }}
    }
}
