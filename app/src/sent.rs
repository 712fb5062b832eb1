//! What the server sends along with a page of somebody's account, so that it is complete before any script runs.
//!
//! Asked once, with everything else that the server knows while it renders ([`crate::components::Layout`]). A page that the
//! app puts in place later asks the API, as the page of a bearer mode always does: of those the server sees nobody.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};

use crate::{
    components::Hydrated,
    server_fns,
    types::{AuditEntry, CredentialEntry, ModeId, UserEntry},
};

/// What one page shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Sent {
    /// The page shows nothing of the kind, or the server does not know for whom.
    Nothing,
    Credentials(Vec<CredentialEntry>),
    Activity(Vec<AuditEntry>),
    Users(Vec<UserEntry>),
}

impl Sent {
    /// Asks for what the page at this address shows. Nobody but its reader gets an answer.
    pub(crate) async fn with(path: String, query: ParamsMap) -> Result<Self, ServerFnError> {
        let segments: Vec<_> = path.split('/').skip(1).collect();
        let mode = |mode: &str| ModeId(mode.to_owned());
        let (before, after) = (query.get("before"), query.get("after"));
        let sent = match segments[..] {
            ["account", of] => server_fns::credentials(mode(of), after).await?.map(Self::Credentials),
            ["account", of, "activity"] => server_fns::activity(mode(of), before).await?.map(Self::Activity),
            ["admin", of] => server_fns::users(mode(of), after).await?.map(Self::Users),
            ["admin", of, "activity"] => server_fns::all_activity(mode(of), before).await?.map(Self::Activity),
            _ => None,
        };
        Ok(sent.unwrap_or(Self::Nothing))
    }

    pub(crate) fn credentials() -> Option<Vec<CredentialEntry>> {
        match Self::here()? {
            Self::Credentials(credentials) => Some(credentials),
            _ => None,
        }
    }

    pub(crate) fn activity() -> Option<Vec<AuditEntry>> {
        match Self::here()? {
            Self::Activity(activity) => Some(activity),
            _ => None,
        }
    }

    pub(crate) fn users() -> Option<Vec<UserEntry>> {
        match Self::here()? {
            Self::Users(users) => Some(users),
            _ => None,
        }
    }

    /// It belongs to the page that came with it, and to none that the app puts in place afterwards.
    fn here() -> Option<Self> {
        if expect_context::<Hydrated>().get_untracked() { None } else { use_context() }
    }
}
