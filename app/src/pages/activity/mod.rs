mod audit_log;
pub(super) mod table;

use leptos::prelude::*;

use crate::{
    client::{SignIns, rendered_list::RenderedList},
    components::{Listing, Page, Protected},
    types::ModeInfo,
};

use super::{cursor, mode_page};
use table::ActivityTable;

/// `/account/{mode}/activity`: the audit log of the user's account.
#[component]
pub(crate) fn Activity() -> impl IntoView {
    let before = cursor("before");
    mode_page(move |info| view! { <ActivityBy info before=before.get() /> })
}

#[component]
fn ActivityBy(info: ModeInfo, before: Option<String>) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let path = format!("/account/{}/activity", info.id);
    let account = format!("/account/{}", info.id);
    let (mode, from) = (info.id.clone(), before.clone());
    let activity = Listing::new(&info.id, RenderedList::activity(), move || {
        let (mode, from) = (mode.clone(), from.clone());
        async move { sign_ins.activity(&mode, from.as_deref()).await }
    });
    view! {
        <Page
            title=if before.is_some() { "Earlier activity" } else { "Activity" }
            lead="Every action on this account and its outcome, latest first. Events with the same credential belong to the same \
            sign-in. If you do not recognise one, end all other sign-ins and change your password."
        >
            <Protected info=info.clone() path=path.clone()>
                <p class="mt-6">
                    <a class="button quiet" href=account.clone()>"Your account"</a>
                </p>
                <ActivityTable activity path=path.clone() first=before.is_none() />
            </Protected>
        </Page>
    }
}
