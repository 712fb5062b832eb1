use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::types::CookieSignIn;

/// Who the cookies of this request belong to, for each mode that is carried by one. A bearer mode cannot be seen here: the
/// browser does not send its credential along with a navigation.
#[server(prefix = "/api/fn", endpoint = "cookie-sign-ins", input = GetUrl)]
pub async fn cookie_sign_ins() -> Result<Vec<CookieSignIn>, ServerFnError> {
    crate::ssr::cookie_sign_ins().await
}
