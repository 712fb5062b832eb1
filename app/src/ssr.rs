//! The interface's access to the server: the only module that uses the crate `auth`.

mod account;
mod api_docs;
mod document;
mod forbidden;
mod locale;
mod scripts;

use std::env;

use auth::{Auth, AuthError, EndReason, ModeTexts, Refusal, Transport};
use http::{HeaderValue, StatusCode, header, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_router::location::RequestUrl;

pub(crate) use account::{activity, all_activity, credentials, users};
pub use account::{audit_entry, credential_entry, user_entries};
pub use api_docs::ApiDocument;
pub(crate) use api_docs::api_docs;
pub(crate) use document::{Heading, document}; // part: comparison
pub use forbidden::forbidden;
pub(crate) use locale::provide_locale;
pub use locale::{LOCALE_COOKIE, locale_of};
pub(crate) use scripts::scripts;

use crate::{
    locale::Locale,
    types::{CookieSignIn, CookieState, Lifetime, Me, ModeId, ModeInfo, Role},
};

/// The `Auth` that the server provides in the context of this request.
pub(crate) fn auth() -> Result<Auth, ServerFnError> {
    use_context::<Auth>().ok_or_else(|| ServerFnError::new("no Auth in this context"))
}

/// The request that a page is rendered for.
fn request() -> Result<Parts, ServerFnError> {
    use_context::<Parts>().ok_or_else(|| ServerFnError::new("no request in this context"))
}

/// One of the two mappings from `AuthError` to a public error (the other belongs to the JSON API). The page shows a
/// general sentence; the log has the cause.
fn failed(error: &AuthError) -> ServerFnError {
    tracing::error!(error = error as &dyn std::error::Error, "a page could not be rendered");
    ServerFnError::new("Something went wrong on our side.")
}

pub(crate) async fn cookie_sign_ins() -> Result<Vec<CookieSignIn>, ServerFnError> {
    let auth = auth()?;
    let request = request()?;
    let mut found = Vec::new();
    for info in auth.modes().filter(|info| info.transport == Transport::Cookie) {
        let state = match auth.identify(info.id.0, &request).await {
            Ok(found) => found.as_ref().map_or(CookieState::Absent, |principal| CookieState::SignedIn(me(principal))),
            Err(AuthError::Refused(refusal)) => {
                reason_to_show(refusal).map_or(CookieState::Absent, CookieState::Refused)
            }
            // A page without a guard is rendered without the database, too: it says what is not known.
            Err(error) => {
                _ = failed(&error);
                CookieState::Unanswered
            }
        };
        let length = info.cookie.and_then(|name| auth::cookie_length(&request.headers, name));
        let bytes = length.and_then(|length| length.try_into().ok());
        found.push(CookieSignIn { mode: ModeId(info.id.0.to_owned()), state, bytes });
    }
    Ok(found)
}

/// The reason that a page shows for a refused cookie: the end of its sign-in, where that is known. A cookie that the
/// server never issued counts as absent.
fn reason_to_show(refusal: Refusal) -> Option<String> {
    match refusal {
        Refusal::Malformed | Refusal::Unknown => None,
        refusal => Some(refusal.end_reason().map_or(refusal.as_str(), EndReason::as_str).to_owned()),
    }
}

/// The body of `GET /api/{mode}/me`.
#[must_use]
pub fn me(principal: &auth::Principal) -> Me {
    Me {
        id: principal.user_id.as_str().to_owned(),
        username: principal.username.clone(),
        role: role(principal.role),
        mode: ModeId(principal.mode.0.to_owned()),
        auth: lifetime(principal.lifetime),
    }
}

fn role(role: auth::Role) -> Role {
    match role {
        auth::Role::User => Role::User,
        auth::Role::Admin => Role::Admin,
    }
}

/// The dates of a credential, as in every response body.
#[must_use]
pub fn lifetime(lifetime: auth::Lifetime) -> Lifetime {
    Lifetime {
        issued_at: lifetime.issued_at.0,
        expires_at: lifetime.expires_at.0,
        absolute_expires_at: lifetime.absolute_expires_at.0,
        generation: lifetime.generation,
    }
}

/// One entry of `GET /api/modes`.
#[must_use]
pub fn mode_info(info: &auth::ModeInfo) -> ModeInfo {
    ModeInfo {
        id: ModeId(info.id.0.to_owned()),
        name: info.name.to_owned(),
        transport: match info.transport {
            Transport::Cookie => crate::types::Transport::Cookie,
            Transport::Bearer => crate::types::Transport::Bearer,
        },
        remembers: info.remembers,
        cookie: info.cookie.map(str::to_owned),
        cookie_attributes: info.cookie.map(|_| auth::cookie_attributes()).unwrap_or_default(),
        renews_silently: info.renews_silently,
        client_holds: info.client_holds.to_owned(),
        server_holds: info.server_holds.to_owned(),
        request_costs: info.request_costs.to_owned(),
        ended_by: info.ended_by.to_owned(),
        injected_script: info.injected_script.to_owned(),
        other_site: info.other_site.to_owned(),
        choose_when: info.choose_when.to_owned(),
        often_said: info.often_said.to_owned(),
        in_fact: info.in_fact.to_owned(),
    }
}

/// The same with the texts in the language of the page.
pub(crate) fn mode_info_of_page(info: &auth::ModeInfo) -> ModeInfo {
    let english = mode_info(info);
    match Locale::current() {
        Locale::English => english,
        Locale::Korean => with_texts(english, &info.korean),
    }
}

/// Without `..`, so that a further text of a mode does not stay in English.
fn with_texts(info: ModeInfo, texts: &ModeTexts) -> ModeInfo {
    let ModeTexts {
        name,
        client_holds,
        server_holds,
        request_costs,
        ended_by,
        injected_script,
        other_site,
        choose_when,
        often_said,
        in_fact,
    } = texts;
    ModeInfo {
        name: (*name).to_owned(),
        client_holds: (*client_holds).to_owned(),
        server_holds: (*server_holds).to_owned(),
        request_costs: (*request_costs).to_owned(),
        ended_by: (*ended_by).to_owned(),
        injected_script: (*injected_script).to_owned(),
        other_site: (*other_site).to_owned(),
        choose_when: (*choose_when).to_owned(),
        often_said: (*often_said).to_owned(),
        in_fact: (*in_fact).to_owned(),
        ..info
    }
}

/// The headers of a page. Scripts need the nonce, nothing inline runs, no site can frame it, and no cache stores it.
///
/// Called while the page renders, because Leptos generates the nonce there.
pub(crate) fn page_headers() {
    let Some(response) = use_context::<ResponseOptions>() else { return };
    let nonce = use_nonce().map(|nonce| format!("'nonce-{nonce}' ")).unwrap_or_default();
    // `cargo leptos watch` sets this variable, and announces rebuilds on another port.
    let is_watched = cfg!(debug_assertions) && env::var_os("LEPTOS_WATCH").is_some();
    let connect = if is_watched { "'self' ws://localhost:3001 ws://127.0.0.1:3001" } else { "'self'" };
    let policy = format!(
        "default-src 'none'; script-src {nonce}'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src {connect}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
}

/// For a path that matches no route of the server: make the app's router match none either. The app's router resolves
/// `..`, so `//../me/{mode}` would render a user's page that the page guard has not checked.
pub fn lead_nowhere() {
    provide_context(RequestUrl::new("/nowhere"));
}

/// Sets the status 404.
pub(crate) fn not_found() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::NOT_FOUND);
    }
}

/// Sets the status 503.
pub(crate) fn unavailable() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::SERVICE_UNAVAILABLE);
    }
}

/// The server's clock, in unix seconds.
pub(crate) fn now() -> i64 {
    use_context::<Auth>().map_or(0, |auth| auth.now().0)
}
