use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::types::{CredentialEntry, ModeId};

/// The sign-ins of the cookie's user, from `after` on. `None` without a valid cookie.
#[server(prefix = "/api/fn", endpoint = "credentials", input = GetUrl)]
pub async fn credentials(mode: ModeId, after: Option<String>) -> Result<Option<Vec<CredentialEntry>>, ServerFnError> {
    crate::ssr::credentials(&mode, after.as_deref()).await
}
