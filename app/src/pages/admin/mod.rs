mod user_table;

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::components::ModeTabs; // part: comparison
use crate::{
    client::{SignIns, api::UserChange},
    components::{Listing, Page, Paging, Protected, RenderedList, revocation_of_form},
    types::{ModeInfo, USERS_PAGE},
};

use super::{cursor, mode_page};

use user_table::{UserTable, change_message};

/// `/admin/{mode}`: all accounts, for an administrator.
#[component]
pub(crate) fn Admin() -> impl IntoView {
    let after = cursor("after");
    mode_page(move |info| view! { <AdminPage info after=after.get() /> })
}

#[component]
fn AdminPage(info: ModeInfo, after: Option<String>) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let message = done(&use_query_map().get_untracked(), sign_ins.now().get_untracked());
    let path = format!("/admin/{}", info.id);
    let (activity, account) = (format!("{path}/activity"), format!("/account/{}", info.id));
    let (mode, from) = (info.id.clone(), after.clone());
    let users = Listing::new(&info.id, RenderedList::users(), move || {
        let (mode, from) = (mode.clone(), from.clone());
        async move { sign_ins.users(&mode, from.as_deref()).await }
    });
    let next = users.next(USERS_PAGE, |user| &user.username);
    let first = after.is_none();
    view! {
        <Page
            title=if first { "All accounts" } else { "More accounts" }
            lead="Every account, by name. Changes apply in all modes." // part: comparison
            // one mode: lead="Every account, by name."
            message
        >
            <ModeTabs current=info.id.clone() path="/admin/{mode}" /> // part: comparison
            <Protected info=info.clone() path=path.clone()>
                <p class="actions mt-6">
                    <a class="button quiet" href=activity.clone()>"All activity"</a>
                    <a class="button quiet" href=account.clone()>"Your account"</a>
                </p>
                <UserTable info=info.clone() users />
                <Paging path=path.clone() words=("First", "Next") first parameter="after" next />
            </Protected>
        </Page>
    }
}

/// The result of a form without JavaScript, from the query.
fn done(query: &ParamsMap, now: i64) -> Option<String> {
    let change = match query.get("done")?.as_str() {
        "disabled" => UserChange::Disable,
        "enabled" => UserChange::Enable,
        "expired" => UserChange::Expire,
        _ => return None,
    };
    Some(format!("Done: {}", change_message(change, revocation_of_form(query)?, now)))
}
