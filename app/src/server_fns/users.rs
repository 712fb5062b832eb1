use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::types::{ModeId, UserEntry};

/// All accounts from `after` on, if the cookie is an administrator's. `None` otherwise.
#[server(prefix = "/api/fn", endpoint = "users", input = GetUrl)]
pub async fn users(mode: ModeId, after: Option<String>) -> Result<Option<Vec<UserEntry>>, ServerFnError> {
    crate::ssr::users(&mode, after.as_deref()).await
}
