use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::types::{CredentialEntry, ModeId};

/// Where the user of a cookie is signed in. `None` for anybody else.
#[server(prefix = "/api/fn", endpoint = "credentials", input = GetUrl)]
pub async fn credentials(mode: ModeId) -> Result<Option<Vec<CredentialEntry>>, ServerFnError> {
    crate::ssr::credentials(&mode).await
}
