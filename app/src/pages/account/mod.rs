mod credential_table;
mod end_sign_ins_form;
mod password_form;
mod unlisted_sign_ins;

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::components::ModeTabs; // part: comparison
use crate::{
    client::SignIns,
    components::{
        Announcement, ErrorNote, Listing, Page, Paging, Protected, RenderedList, ended_message, revocation_of_form,
        signed_in_user,
    },
    error::AppError,
    types::{CREDENTIALS_PAGE, CredentialEntry, ModeInfo, Role},
};

use super::{cursor, mode_page};

use credential_table::{CredentialTable, SIGN_IN_ENDED};
use end_sign_ins_form::{EndSignIns, EndSignInsForm, OTHERS_ENDED};
use password_form::{PASSWORD_CHANGED, PasswordForm};
use unlisted_sign_ins::UnlistedSignIns;

/// `/account/{mode}`: the user's sign-ins, and the form to change the password.
#[component]
pub(crate) fn Account() -> impl IntoView {
    let after = cursor("after");
    mode_page(move |info| view! { <AccountPage info after=after.get() /> })
}

#[component]
fn AccountPage(info: ModeInfo, after: Option<String>) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let query = use_query_map().get_untracked();
    let FormErrors { ending, password, page } = FormErrors::with(query.get_str("error"), query.get_str("field"));
    let first = after.is_none();
    let path = format!("/account/{}", info.id);
    let mode = info.id.clone();
    let credentials = Listing::new(&info.id, RenderedList::credentials(), move || {
        let (mode, after) = (mode.clone(), after.clone());
        async move { sign_ins.credentials(&mode, after.as_deref()).await }
    });
    view! {
        <Page
            title=if first { "Your account" } else { "More sign-ins" }
            lead="See every sign-in of this account on all devices, end the ones you do not want, or change your password."
            message=done(&query, sign_ins.now().get_untracked())
        >
            <ModeTabs current=info.id.clone() path="/account/{mode}" /> // part: comparison
            <Protected info=info.clone() path=path.clone()>
                <PageError error=page.clone() />
                <SignedInAs info=info.clone() />
                <SignInList info=info.clone() credentials path=path.clone() first error=ending.clone() />
                <section class="block-section" aria-labelledby="change-password">
                    <h2 id="change-password" class="section-title">"Change password"</h2>
                    <p class="mt-3 max-w-3xl text-pretty text-muted">
                        "Changing your password ends every other sign-in of this account, including one by a person who knew the old \
                        password. This sign-in continues with a new credential."
                    </p>
                    <PasswordForm info=info.clone() credentials error=password.clone() />
                </section>
            </Protected>
        </Page>
    }
}

/// An error that belongs to no form. The next action removes it.
#[component]
fn PageError(error: Option<AppError>) -> impl IntoView {
    let error = RwSignal::new(error);
    expect_context::<Announcement>().track_error(error);
    view! { <ErrorNote error=error.into() /> }
}

/// The user's sign-ins, and the form that ends them.
#[component]
fn SignInList(
    info: ModeInfo,
    credentials: Listing<CredentialEntry>,
    /// The address of the first page.
    path: String,
    /// Whether this is the first page.
    first: bool,
    /// The result of a form without JavaScript.
    error: Option<AppError>,
) -> impl IntoView {
    let ending = EndSignIns::new(error);
    let next = credentials.next(CREDENTIALS_PAGE, |entry| &entry.id);
    let complete = Signal::derive(move || first && next.read().is_none());
    view! {
        <section class="mt-12" aria-labelledby="signed-in-at">
            <h2 id="signed-in-at" class="section-title">"Where you are signed in"</h2>
            <EndSignInsForm info=info.clone() credentials ending />
            <CredentialTable info=info.clone() credentials ending />
            <Paging path words=("Newest", "Older") first parameter="after" next />
            <UnlistedSignIns user=signed_in_user(&info.id) credentials complete />
        </section>
    }
}

/// The signed-in user and mode, and links to related pages.
#[component]
fn SignedInAs(info: ModeInfo) -> impl IntoView {
    let user = signed_in_user(&info.id);
    let username = move || user.get().map(|me| me.username);
    let is_admin = Memo::new(move |_| user.with(|me| me.as_ref().is_some_and(|me| me.role == Role::Admin)));
    let (activity, admin) = (format!("/account/{}/activity", info.id), format!("/admin/{}", info.id));
    view! {
        <p class="mt-6 text-lg">
            "You are "
            <strong class="text-accent wrap-anywhere">{username}</strong>
            {format!(". The server recognised you by {}.", info.name)}
        </p>
        <p class="actions mt-6">
            <a class="button quiet" href=activity>"Activity"</a>
            {move || is_admin.get().then(|| view! { <a class="button quiet" href=admin.clone()>"All accounts"</a> })}
        </p>
    }
}

/// The result of a form without JavaScript, from the query.
fn done(query: &ParamsMap, now: i64) -> Option<String> {
    let what = match query.get("done")?.as_str() {
        "ended" => return Some(SIGN_IN_ENDED.to_owned()),
        "others" => OTHERS_ENDED,
        "password" => PASSWORD_CHANGED,
        _ => return None,
    };
    Some(ended_message(what, revocation_of_form(query)?, now))
}

/// The error of a form without JavaScript, by the place where the page shows it.
#[derive(Default)]
struct FormErrors {
    /// In the form that ends sign-ins.
    ending: Option<AppError>,
    /// In the form that changes the password.
    password: Option<AppError>,
    /// At the top of the page: not about a field.
    page: Option<AppError>,
}

impl FormErrors {
    fn with(error: Option<&str>, field: Option<&str>) -> Self {
        match field {
            Some("password") => Self { ending: AppError::of_form(error, field), ..Self::default() },
            Some("current" | "new") => Self { password: AppError::of_form(error, field), ..Self::default() },
            _ => Self { page: AppError::of_form(error, None), ..Self::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;

    fn errors(error: &str, field: Option<&str>) -> FormErrors {
        FormErrors::with(Some(error), field)
    }

    #[test]
    fn a_wrong_password_is_shown_beside_its_own_field() {
        let ending = errors("wrong_password", Some("password"));
        assert!(ending.ending.is_some_and(|error| error.fields.contains_key("password")));
        assert!(ending.password.is_none() && ending.page.is_none());

        let change = errors("wrong_password", Some("current"));
        assert!(change.password.is_some_and(|error| error.fields.contains_key("current")));
        assert!(change.ending.is_none() && change.page.is_none());
    }

    #[test]
    fn an_error_without_a_field_is_shown_at_the_top() {
        let conflict = errors("conflict", None);
        assert_eq!(conflict.page, Some(AppError::new(ErrorCode::Conflict)));
        assert!(errors("moon_phase", None).page.is_none());
    }
}
