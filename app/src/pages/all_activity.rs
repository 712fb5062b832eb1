use leptos::prelude::*;

use crate::{
    client::{SignIns, rendered_list::RenderedList},
    components::{Listing, Page, Protected},
    types::ModeInfo,
};

use super::{activity::table::ActivityTable, cursor, mode_page};

/// `/admin/{mode}/activity`: the audit log of all accounts.
#[component]
pub(crate) fn AllActivity() -> impl IntoView {
    let before = cursor("before");
    mode_page(move |info| view! { <AllActivityBy info before=before.get() /> })
}

#[component]
fn AllActivityBy(info: ModeInfo, before: Option<String>) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let path = format!("/admin/{}/activity", info.id);
    let accounts = format!("/admin/{}", info.id);
    let (mode, from) = (info.id.clone(), before.clone());
    let activity = Listing::new(&info.id, RenderedList::activity(), move || {
        let (mode, from) = (mode.clone(), from.clone());
        async move { sign_ins.all_activity(&mode, from.as_deref()).await }
    });
    view! {
        <Page
            title=if before.is_some() { "All earlier activity" } else { "All activity" }
            lead="Every action on every account and its outcome, latest first. A user name that belongs to no account is not \
            recorded: people sometimes type their password into that field."
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
