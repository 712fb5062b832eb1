//! The first page of a list, rendered by the server, so that an account page is complete before any script runs.
//!
//! Requested once, with the rest of the data for the first rendering ([`crate::components::Layout`]). After a
//! navigation inside the app, a page calls the API instead. The pages of a bearer mode always do: a page request
//! carries no bearer credential.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};

use crate::{
    components::Hydrated,
    server_fns,
    types::{AuditEntry, CredentialEntry, ModeId, UserEntry},
};

/// The list of one page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum RenderedList {
    /// The page has no list, or the server does not know the user.
    Nothing,
    Credentials(Vec<CredentialEntry>),
    Activity(Vec<AuditEntry>),
    Users(Vec<UserEntry>),
}

impl RenderedList {
    /// Requests the list of the page at this address. The server returns it to the signed-in user only.
    pub(crate) async fn load(path: String, query: ParamsMap) -> Result<Self, ServerFnError> {
        let segments: Vec<_> = path.split('/').skip(1).collect();
        let mode = |mode: &str| ModeId(mode.to_owned());
        let (before, after) = (query.get("before"), query.get("after"));
        let list = match segments[..] {
            ["account", of] => server_fns::credentials(mode(of), after).await?.map(Self::Credentials),
            ["account", of, "activity"] => server_fns::activity(mode(of), before).await?.map(Self::Activity),
            ["admin", of] => server_fns::users(mode(of), after).await?.map(Self::Users),
            ["admin", of, "activity"] => server_fns::all_activity(mode(of), before).await?.map(Self::Activity),
            _ => None,
        };
        Ok(list.unwrap_or(Self::Nothing))
    }

    pub(crate) fn credentials() -> Option<Vec<CredentialEntry>> {
        match Self::of_first_page()? {
            Self::Credentials(credentials) => Some(credentials),
            _ => None,
        }
    }

    pub(crate) fn activity() -> Option<Vec<AuditEntry>> {
        match Self::of_first_page()? {
            Self::Activity(activity) => Some(activity),
            _ => None,
        }
    }

    pub(crate) fn users() -> Option<Vec<UserEntry>> {
        match Self::of_first_page()? {
            Self::Users(users) => Some(users),
            _ => None,
        }
    }

    /// Only the first page uses it. After a navigation inside the app it is out of date.
    fn of_first_page() -> Option<Self> {
        if expect_context::<Hydrated>().get_untracked() { None } else { use_context() }
    }
}
