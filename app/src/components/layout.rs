use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_query_map},
    params::ParamsMap,
};
use serde::{Deserialize, Serialize};

use crate::{
    client::{SignIns, not_known},
    locale::tr,
    server_fns,
    types::{AuditEntry, CredentialEntry, ModeId, ModeInfo, UserEntry},
};

use super::{Frame, Hydrated, Page};

/// The data that all pages share: the list of modes, this browser's sign-ins, and the first page's list. Requested
/// once, by the server while it renders. The header is inside, because it shows the sign-ins, too.
#[component]
pub(crate) fn Layout() -> impl IntoView {
    let path = use_location().pathname.get_untracked();
    let query = use_query_map().get_untracked();
    let here = path.clone();
    let seen = OnceResource::new_blocking(async move {
        let modes = server_fns::modes().await?;
        let cookies = server_fns::cookie_sign_ins().await?;
        let list = RenderedList::load(path, query, &modes).await?;
        Ok::<_, ServerFnError>((modes, cookies, list))
    });
    // Pass the future itself and not a closure: a closure may run twice on the server, and the ids that match the
    // serialised data to the browser's resources would differ.
    let page = Suspend::new(async move {
        if let Ok((modes, cookies, list)) = seen.await {
            SignIns::provide(modes, cookies);
            provide_context(list);
            view! {
                <Frame>
                    <Outlet />
                </Frame>
            }
            .into_any()
        } else {
            #[cfg(feature = "ssr")]
            crate::ssr::unavailable();
            view! {
                <Frame>
                    <Page title=tr("Not available", "사용할 수 없음") lead=not_known()>
                        <p class="mt-8">
                            <a class="button" href=here rel="external">{tr("Try again", "다시 시도")}</a>
                        </p>
                    </Page>
                </Frame>
            }
            .into_any()
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

/// The first page of a list, rendered by the server, so that an account page is complete before any script runs.
///
/// Requested once, with the rest of the data for the first rendering. After a navigation inside the app, a page calls
/// the API instead. The pages of a bearer mode always do: a page request carries no bearer credential.
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
    pub(crate) async fn load(path: String, query: ParamsMap, modes: &[ModeInfo]) -> Result<Self, ServerFnError> {
        let segments: Vec<_> = path.split('/').skip(1).collect();
        let mode = |mode: &str| ModeId(mode.to_owned());
        let (before, after) = (query.get("before"), query.get("after"));
        let list = match segments[..] {
            ["me", of] if modes.iter().any(|info| info.id.0 == of && info.remembers) => {
                server_fns::credentials(mode(of), None).await?.map(CredentialEntry::own).map(Self::Credentials)
            }
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
