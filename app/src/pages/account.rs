use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    components::{
        CredentialTable, ENDED, EndOthers, Listing, OTHERS_ENDED, PASSWORD_CHANGED, Page, PasswordForm, Protected, who,
    },
    error::{AppError, ErrorCode},
    sent::Sent,
    sign_ins::SignIns,
    types::{ModeInfo, Role},
};

use super::of_mode;

/// `/account/{mode}`: where the user is signed in, and the password.
#[component]
pub(crate) fn Account() -> impl IntoView {
    of_mode(|info| view! { <AccountBy info /> })
}

#[component]
fn AccountBy(info: ModeInfo) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let query = use_query_map().get_untracked();
    let error = error(&query);
    let mode = info.id.clone();
    let credentials = Listing::new(&info.id, Sent::credentials(), move || {
        let mode = mode.clone();
        async move { sign_ins.credentials(&mode).await }
    });
    view! {
        <Page
            title="Your account"
            lead="Where this account is signed in, by whatever mode and on whatever device; and the password that all of it began \
            with."
            said=done(&query).map(str::to_owned)
        >
            <Protected info=info.clone() path=format!("/account/{}", info.id)>
                <Reader info=info.clone() />
                <section class="mt-12" aria-labelledby="signed-in-at">
                    <h2 id="signed-in-at" class="section-title">"Where you are signed in"</h2>
                    <CredentialTable info=info.clone() credentials />
                    <EndOthers info=info.clone() credentials />
                </section>
                <section class="block-section" aria-labelledby="change-password">
                    <h2 id="change-password" class="section-title">"Change password"</h2>
                    <p class="mt-3 max-w-3xl text-pretty text-muted">
                        "A new password ends every sign-in that was had by the old one: whoever knew it is out. Only this browser \
                        goes on, with a new credential."
                    </p>
                    <PasswordForm info=info.clone() credentials error=error.clone() />
                </section>
            </Protected>
        </Page>
    }
}

/// Who reads this, by which mode, and where to go from here.
#[component]
fn Reader(info: ModeInfo) -> impl IntoView {
    let reader = who(&info.id);
    let username = move || reader.get().map(|me| me.username);
    let is_admin = Memo::new(move |_| reader.with(|me| me.as_ref().is_some_and(|me| me.role == Role::Admin)));
    let (activity, admin) = (format!("/account/{}/activity", info.id), format!("/admin/{}", info.id));
    view! {
        <p class="mt-6 text-lg">
            "You are "
            <strong class="text-accent">{username}</strong>
            {format!(", recognised by: {}.", info.name)}
        </p>
        <p class="actions mt-6">
            <a class="button quiet" href=activity>"Activity"</a>
            {move || is_admin.get().then(|| view! { <a class="button quiet" href=admin.clone()>"All accounts"</a> })}
        </p>
    }
}

/// The result that a form without JavaScript came back with.
fn done(query: &ParamsMap) -> Option<&'static str> {
    match query.get("done")?.as_str() {
        "ended" => Some(ENDED),
        "others" => Some(OTHERS_ENDED),
        "password" => Some(PASSWORD_CHANGED),
        _ => None,
    }
}

/// What was wrong with it, beside its field.
fn error(query: &ParamsMap) -> Option<AppError> {
    let code = ErrorCode::parse(&query.get("error")?)?;
    Some(match query.get("field").as_deref() {
        Some(field @ ("current" | "new")) => AppError::new(ErrorCode::Invalid).field(field, code),
        _ => AppError::new(code),
    })
}
