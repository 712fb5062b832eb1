//! Guards the pages for signed-in users before anything is rendered. A redirect from inside the app is navigation and
//! not security: it sets headers, and the body is rendered all the same.

use app::{Locale, error::ErrorCode, paths::LocalPath, ssr::locale_of};
use auth::{Auth, AuthError, Refusal, Seconds, Transport};
use axum::{
    extract::{MatchedPath, Path, Request, State, rejection::PathRejection},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, Uri, header, uri::PathAndQuery};

use super::last_mode;
use crate::{
    http::{
        extract::ModeOfPath,
        respond::{Problem, code_text, see_other, with_query},
    },
    state::AppState,
};

/// A page request that was under way during a rotation carries the old credential. A redirect makes the browser ask
/// again, and by then it has the new one.
const JUST_REPLACED: Seconds = Seconds(10);

/// Passes the request on, or answers with a redirect or 403.
///
/// The decision uses the matched route and its decoded parameter, not the text of the URL: an escaped spelling of a
/// mode is guarded as that mode.
pub async fn guard(
    State(state): State<AppState>,
    route: Option<MatchedPath>,
    mode: Result<Path<ModeOfPath>, PathRejection>,
    request: Request,
    next: Next,
) -> Response {
    let auth = &state.auth;
    let route = route.as_ref().map(MatchedPath::as_str);
    let Some((page, rest, readers)) = route.and_then(guarded) else { return next.run(request).await };
    if rest.is_empty() {
        return see_other(&page_of_last_mode(page, auth, &request));
    }
    let mode = match mode.map(|Path(ModeOfPath { mode })| auth.mode(&mode)) {
        Ok(Ok(info)) if info.transport == Transport::Cookie => info.id.0,
        // A navigation carries no bearer token, so there is nothing to check: the page is rendered without a user, and
        // its script asks the API. For an unknown mode, the app renders its 404.
        _ => return next.run(request).await,
    };
    let address = address(request.uri());
    let (parts, body) = request.into_parts();
    let allowed = match readers {
        Readers::Users => auth.caller(mode, &parts).await.map(drop),
        Readers::Admins => auth.administrator(mode, &parts).await.map(drop),
    };
    match allowed {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(AuthError::Forbidden) => forbidden(&state, locale_of(&parts.headers)),
        Err(AuthError::Missing) => see_other(&with_query("/login", &[("mode", mode), ("next", &address)])),
        Err(AuthError::Refused(Refusal::Replaced(at)))
            if parts.method == Method::GET && auth.now().since(at) < JUST_REPLACED =>
        {
            see_other(&address)
        }
        Err(AuthError::Refused(_)) => {
            let code = code_text(ErrorCode::TokenNotValid);
            see_other(&with_query("/login", &[("mode", mode), ("next", &address), ("error", &code)]))
        }
        // Fail closed: a credential that cannot be checked is refused.
        Err(error) => Problem::from(error).into_response(),
    }
}

/// The guarded pages. The bare path redirects to the mode that was used last; the paths below it name a mode.
const GUARDED: [(&str, Readers); 3] =
    [("/me", Readers::Users), ("/account", Readers::Users), ("/admin", Readers::Admins)];

/// The guarded page that a route belongs to, the rest of the route, and who may read it.
fn guarded(route: &str) -> Option<(&'static str, &str, Readers)> {
    GUARDED.into_iter().find_map(|(page, readers)| {
        let rest = route.strip_prefix(page)?;
        (rest.is_empty() || rest.starts_with('/')).then_some((page, rest, readers))
    })
}

/// Who may read a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Readers {
    /// Every signed-in user. The page shows that user's own data.
    Users,
    /// Administrators. The page shows every account.
    Admins,
}

/// The target of a page whose path names no mode: the same page in the mode that was used last, or the login page.
fn page_of_last_mode(page: &str, auth: &Auth, request: &Request) -> String {
    let last = last_mode::find(auth, request.headers());
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    match last {
        Some(info) => format!("{page}/{}{query}", info.id),
        None => with_query("/login", &[("next", &address(request.uri()))]),
    }
}

/// Path and query, as the `next` of a login. The path alone if both together exceed the maximum length of `next`.
fn address(uri: &Uri) -> String {
    let whole = uri.path_and_query().map_or(uri.path(), PathAndQuery::as_str);
    if LocalPath::parse(whole).is_some() { whole.to_owned() } else { uri.path().to_owned() }
}

/// The answer to a signed-in user who is no administrator. It does not redirect to the login page: another login would
/// not help.
fn forbidden(state: &AppState, locale: Locale) -> Response {
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::CONTENT_LANGUAGE, locale.tag()),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)));
    (StatusCode::FORBIDDEN, headers, Html(app::ssr::forbidden(&state.leptos, locale))).into_response()
}
