use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::types::{CredentialEntry, ModeId};

/// Where the user of a cookie is signed in, from `after` on. `None` for anybody else.
#[server(prefix = "/api/fn", endpoint = "credentials", input = GetUrl)]
pub async fn credentials(mode: ModeId, after: Option<String>) -> Result<Option<Vec<CredentialEntry>>, ServerFnError> {
    crate::ssr::credentials(&mode, after.as_deref()).await
}
