use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::types::{AuditEntry, ModeId};

/// The audit log of the cookie's user, from `before` on. `None` without a valid cookie.
#[server(prefix = "/api/fn", endpoint = "activity", input = GetUrl)]
pub async fn activity(mode: ModeId, before: Option<String>) -> Result<Option<Vec<AuditEntry>>, ServerFnError> {
    crate::ssr::activity(&mode, before.as_deref()).await
}
