use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_query_map},
};

use crate::{
    client::{SignIns, rendered_list::RenderedList},
    server_fns,
};

use super::Page;

/// The data that all pages share: the list of modes, this browser's sign-ins, and the first page's list. Requested
/// once, by the server while it renders.
#[component]
pub(crate) fn Layout() -> impl IntoView {
    let path = use_location().pathname.get_untracked();
    let query = use_query_map().get_untracked();
    let here = path.clone();
    let seen = OnceResource::new_blocking(async move {
        let modes = server_fns::modes().await?;
        let cookies = server_fns::cookie_sign_ins().await?;
        let list = RenderedList::load(path, query).await?;
        Ok::<_, ServerFnError>((modes, cookies, list))
    });
    // Pass the future itself and not a closure: a closure may run twice on the server, and the ids that match the
    // serialised data to the browser's resources would differ.
    let page = Suspend::new(async move {
        if let Ok((modes, cookies, list)) = seen.await {
            SignIns::provide(modes, cookies);
            provide_context(list);
            view! { <Outlet /> }.into_any()
        } else {
            #[cfg(feature = "ssr")]
            crate::ssr::unavailable();
            view! {
                <Page title="Not available" lead="The server could not find out who is signed in.">
                    <p class="mt-8">
                        <a class="button" href=here rel="external">"Try again"</a>
                    </p>
                </Page>
            }
            .into_any()
        }
    });
    view! { <Suspense>{page}</Suspense> }
}
