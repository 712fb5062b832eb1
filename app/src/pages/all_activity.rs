use leptos::prelude::*;

use crate::{
    components::{ActivityTable, Listing, Page, Protected},
    sent::Sent,
    sign_ins::SignIns,
    types::ModeInfo,
};

use super::{cursor, of_mode};

/// `/admin/{mode}/activity`: what has happened to all accounts.
#[component]
pub(crate) fn AllActivity() -> impl IntoView {
    let before = cursor("before");
    of_mode(move |info| view! { <AllActivityBy info before=before.get() /> })
}

#[component]
fn AllActivityBy(info: ModeInfo, before: Option<String>) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let path = format!("/admin/{}/activity", info.id);
    let accounts = format!("/admin/{}", info.id);
    let (mode, from) = (info.id.clone(), before.clone());
    let activity = Listing::new(&info.id, Sent::activity(), move || {
        let (mode, from) = (mode.clone(), from.clone());
        async move { sign_ins.all_activity(&mode, from.as_deref()).await }
    });
    view! {
        <Page
            title=if before.is_some() { "Earlier activity of all" } else { "Activity of all" }
            lead="What was done with every account and how it came out, latest first. A name that somebody merely typed is not \
            recorded: now and then it is a password."
        >
            <Protected info=info.clone() path=path.clone()>
                <p class="mt-6">
                    <a class="button quiet" href=accounts.clone()>"All accounts"</a>
                </p>
                <ActivityTable activity path=path.clone() first=before.is_none() of_all=true />
            </Protected>
        </Page>
    }
}
