mod operation;

use leptos::prelude::*;

use crate::{api_document::ApiReference, components::Page, server_fns};

use operation::{ApiOperation, ApiShape};

/// The JSON API, rendered from the OpenAPI document.
#[component]
pub(crate) fn ApiDocs() -> impl IntoView {
    let asked = OnceResource::new_blocking(server_fns::api_docs());
    let reference = Suspend::new(async move {
        match asked.await {
            Ok(reference) => view! { <Reference reference /> }.into_any(),
            Err(_) => view! { <p class="mt-8 text-muted">"The server could not load the description of its API."</p> }
                .into_any(),
        }
    });
    view! {
        <Page
            title="The API"
            lead="Every call of this server's JSON API, generated from the server's code. The same description is available as \
            OpenAPI 3.1."
        >
            <p class="mt-6">
                <a class="link" href="/api/openapi.json" rel="external">"/api/openapi.json"</a>
            </p>
            <Suspense fallback=|| view! { <p class="mt-8 text-muted">"Loading the description…"</p> }>{reference}</Suspense>
        </Page>
    }
}

#[component]
fn Reference(reference: ApiReference) -> impl IntoView {
    let ApiReference { groups, shapes } = reference;
    let groups = groups.into_iter().enumerate().map(|(position, group)| {
        let id = format!("group-{position}");
        view! {
            <section class="block-section" aria-labelledby=id>
                <h2 id=id.clone() class="section-title">{group.name}</h2>
                <p class="mt-2 text-muted">{group.description}</p>
                <div class="operations">
                    {group.operations.into_iter().map(|operation| view! { <ApiOperation operation /> }).collect_view()}
                </div>
            </section>
        }
    });
    view! {
        {groups.collect_view()}
        <section class="block-section" aria-labelledby="shapes">
            <h2 id="shapes" class="section-title">"Shapes"</h2>
            <p class="mt-2 text-muted">"The request and response bodies. Instants are unix seconds; durations are seconds."</p>
            <div class="shapes">{shapes.into_iter().map(|shape| view! { <ApiShape shape /> }).collect_view()}</div>
        </section>
    }
}

/// A text of the API document. Text between backticks is shown as code.
fn inline_code(text: &str) -> impl IntoView + use<> {
    text.split('`')
        .enumerate()
        .map(|(position, part)| {
            let part = part.to_owned();
            if position % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
        })
        .collect_view()
}
