use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::types::CookieSignIn;

/// The users of this request's cookies, for each cookie mode. Bearer modes are missing: the browser does not send their
/// credential with a page request.
#[server(prefix = "/api/fn", endpoint = "cookie-sign-ins", input = GetUrl)]
pub async fn cookie_sign_ins() -> Result<Vec<CookieSignIn>, ServerFnError> {
    crate::ssr::cookie_sign_ins().await
}
