//! Pages that are somebody's: denied here, before anything is rendered. A redirect from inside the app would be navigation,
//! not security: it sets headers, and the body is rendered all the same.

use app::error::ErrorCode;
use auth::{Auth, AuthError, Transport, cookie_value};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    answer::{code_text, see_other, with_cookies, with_query},
    problem::Problem,
};

/// Lets a request for a page pass, or leads it elsewhere.
pub async fn guard(State(auth): State<Auth>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path == "/me" {
        return see_other(&last_mode_page(&auth, &request));
    }
    let Some(mode) = path.strip_prefix("/me/") else { return next.run(request).await };
    match auth.mode(mode) {
        Ok(info) if info.transport == Transport::Cookie => {}
        // A bearer credential does not come along with a navigation, so there is nothing to check: the page is rendered for
        // nobody, and its script asks the API. An unknown mode is the app's to call not found.
        _ => return next.run(request).await,
    }
    let (parts, body) = request.into_parts();
    match auth.identify(mode, &parts).await {
        Ok(Some(caller)) => with_cookies(next.run(Request::from_parts(parts, body)).await, &caller.set_cookies),
        Ok(None) => see_other(&with_query("/login", &[("mode", mode), ("next", &path)])),
        Err(AuthError::Refused(_)) => {
            let code = code_text(ErrorCode::TokenNotValid);
            see_other(&with_query("/login", &[("mode", mode), ("next", &path), ("error", &code)]))
        }
        // Fail closed: who cannot be checked is not let in.
        Err(error) => Problem::from(error).into_response(),
    }
}

/// `/me` leads to the mode that was used last, or to the login.
fn last_mode_page(auth: &Auth, request: &Request) -> String {
    let mode = cookie_value(request.headers(), "last-mode").ok().flatten();
    match mode.map(|mode| auth.mode(mode)) {
        Some(Ok(info)) => format!("/me/{}", info.id),
        _ => with_query("/login", &[("next", "/me")]),
    }
}
