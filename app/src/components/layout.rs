use leptos::prelude::*;
use leptos_router::components::Outlet;

use crate::{server_fns, sign_ins::SignIns};

use super::Page;

/// What all pages share: the list of modes, and who is signed in by each. Asked once, by the server while it renders.
#[component]
pub(crate) fn Layout() -> impl IntoView {
    let seen = OnceResource::new_blocking(async {
        let modes = server_fns::modes().await?;
        let cookies = server_fns::cookie_sign_ins().await?;
        Ok::<_, ServerFnError>((modes, cookies))
    });
    // The future itself and not a closure around it: a closure may run twice on the server, and the ids that pair its
    // data with the browser's would shift.
    let page = Suspend::new(async move {
        match seen.await {
            Ok((modes, cookies)) => {
                SignIns::provide(modes, cookies);
                view! { <Outlet /> }.into_any()
            }
            Err(_) => view! {
                <Page title="Not available" lead="The server could not say who is signed in.">
                    <p class="mt-8">
                        <a class="button" href="/" rel="external">"Try again"</a>
                    </p>
                </Page>
            }
            .into_any(),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}
