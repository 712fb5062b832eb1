//! Pages that are somebody's: denied here, before anything is rendered. A redirect from inside the app would be navigation,
//! not security: it sets headers, and the body is rendered all the same.

use app::error::ErrorCode;
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
        respond::{LocalPath, Problem, code_text, see_other, with_query},
    },
    state::AppState,
};

/// A page request that was under way while the credential was rotated shows the old one. By the time of a redirect the browser has
/// the new one.
const JUST_REPLACED: Seconds = Seconds(10);

/// Lets a request for a page pass, or leads it elsewhere.
///
/// It decides by the route and not by the text of the address: what the router reads as `session`, escaped or not, is guarded as
/// `session`.
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
        return see_other(&of_last_mode(page, auth, &request));
    }
    let mode = match mode.map(|Path(ModeOfPath { mode })| auth.mode(&mode)) {
        Ok(Ok(info)) if info.transport == Transport::Cookie => info.id.0,
        // A bearer credential does not come along with a navigation, so there is nothing to check: the page is rendered for
        // nobody, and its script asks the API. An unknown mode is the app's to call not found.
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
        Err(AuthError::Forbidden) => forbidden(&state),
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
        // Fail closed: a caller that cannot be checked is not let in.
        Err(error) => Problem::from(error).into_response(),
    }
}

/// The pages that are somebody's. By itself each leads to the mode that was used last; what is below it is of one mode.
const GUARDED: [(&str, Readers); 3] =
    [("/me", Readers::Users), ("/account", Readers::Users), ("/admin", Readers::Admins)];

/// Which of them a route belongs to, what follows of it, and who reads that.
fn guarded(route: &str) -> Option<(&'static str, &str, Readers)> {
    GUARDED.into_iter().find_map(|(page, readers)| {
        let rest = route.strip_prefix(page)?;
        (rest.is_empty() || rest.starts_with('/')).then_some((page, rest, readers))
    })
}

/// Whose a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Readers {
    /// Of everybody who is signed in, about themselves.
    Users,
    /// About everybody.
    Admins,
}

/// Where a page leads whose address names no mode: to that of the mode that was used last.
fn of_last_mode(page: &str, auth: &Auth, request: &Request) -> String {
    let last = last_mode::find(auth, request.headers());
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    match last {
        Some(info) => format!("{page}/{}{query}", info.id),
        None => with_query("/login", &[("next", &address(request.uri()))]),
    }
}

/// Path and query, to come back to after the login. The path alone, where the two are longer than a `next` may be.
fn address(uri: &Uri) -> String {
    let whole = uri.path_and_query().map_or(uri.path(), PathAndQuery::as_str);
    if LocalPath::parse(whole).is_some() { whole.to_owned() } else { uri.path().to_owned() }
}

/// The whole answer to somebody who is signed in and may not read this. Logging in again would not help, so nobody is led there.
fn forbidden(state: &AppState) -> Response {
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::CACHE_CONTROL, "private, no-store"),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)));
    (StatusCode::FORBIDDEN, headers, Html(app::ssr::forbidden(&state.leptos))).into_response()
}
