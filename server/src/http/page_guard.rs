//! Pages that are somebody's: denied here, before anything is rendered. A redirect from inside the app would be navigation,
//! not security: it sets headers, and the body is rendered all the same.

use app::error::ErrorCode;
use auth::{Auth, AuthError, Transport};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    answer::{code_text, see_other, with_cookies, with_query},
    last_mode,
    problem::Problem,
};

/// Lets a request for a page pass, or leads it elsewhere.
pub async fn guard(State(auth): State<Auth>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path == "/me" {
        let last = last_mode::find(&auth, request.headers());
        return see_other(
            &last.map_or_else(|| with_query("/login", &[("next", "/me")]), |info| format!("/me/{}", info.id)),
        );
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
