use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::types::{AuditEntry, ModeId};

/// The audit log of all accounts, from `before` on, if the cookie is an administrator's. `None` otherwise.
#[server(prefix = "/api/fn", endpoint = "all-activity", input = GetUrl)]
pub async fn all_activity(mode: ModeId, before: Option<String>) -> Result<Option<Vec<AuditEntry>>, ServerFnError> {
    crate::ssr::all_activity(&mode, before.as_deref()).await
}
