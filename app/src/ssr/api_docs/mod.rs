//! The page of the JSON API. Nothing on it needs a script, so it is HTML text and no part of the app that the browser
//! runs.

mod curl;
mod operation;
mod reader;
mod reference;

use std::sync::Arc;

use http::{HeaderMap, header};
use leptos::prelude::*;

use self::{
    curl::Curl,
    reference::{ApiReference, Group, Shape},
};

/// The OpenAPI document of the server that renders the page, as JSON.
#[derive(Clone, Debug)]
pub struct ApiDocument(pub Arc<str>);

/// Renders the document that the context provides.
pub(crate) fn api_docs() -> Result<String, ServerFnError> {
    let document = use_context::<ApiDocument>().ok_or_else(|| ServerFnError::new("no ApiDocument in this context"))?;
    let reference = reader::read(&document.0).map_err(ServerFnError::new)?;
    let origin = match &reference.origin {
        Some(origin) => origin.clone(),
        None => origin_of(&super::request()?.headers),
    };
    let curl = Curl { origin, modes: super::auth()?.modes().collect() };
    Ok(page(reference, &curl).to_html())
}

/// The origin of a request, for a server without `PUBLIC_ORIGIN`. Only development has none, and it has no TLS either.
fn origin_of(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    // The origin becomes part of a command, and a client can write anything into the header.
    let is_plain = |host: &&str| host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    format!("http://{}", host.filter(is_plain).unwrap_or("localhost:3000"))
}

fn page(reference: ApiReference, curl: &Curl) -> impl IntoView + use<> {
    let ApiReference { groups, shapes, .. } = reference;
    let index = index(&groups, &shapes);
    let groups = groups.into_iter().map(|group| {
        let id = anchor(&group.name);
        let operations = group.operations.into_iter().map(|operation| operation::operation(operation, curl));
        view! {
            <section class="block-section" aria-labelledby=id>
                <h2 id=id.clone() class="section-title">{group.name}</h2>
                <p class="mt-2 text-muted">{group.description}</p>
                <div class="operations">{operations.collect_view()}</div>
                {to_contents()}
            </section>
        }
    });
    view! {
        {index}
        {groups.collect_view()}
        <section class="block-section" aria-labelledby="shapes">
            <h2 id="shapes" class="section-title">"Shapes"</h2>
            <p class="mt-2 text-muted">"The request and response bodies. Instants are unix seconds; durations are seconds."</p>
            <div class="operations">{shapes.into_iter().map(operation::shape).collect_view()}</div>
            {to_contents()}
        </section>
    }
}

/// The contents. `rel="external"` leaves a link to the browser: the app's router does not know the HTML of this page.
fn index(groups: &[Group], shapes: &[Shape]) -> impl IntoView + use<> {
    let groups = groups.iter().map(|group| {
        let calls = group.operations.iter().map(|operation| {
            view! {
                <li>
                    <a rel="external" href=format!("#{}", operation.id)>
                        <span class="method">{operation.method.clone()}</span>
                        <code class="path">{operation.path.clone()}</code>
                    </a>
                </li>
            }
        });
        view! {
            <li>
                <a class="api-group link" rel="external" href=format!("#{}", anchor(&group.name))>
                    {group.name.clone()}
                </a>
                <ul>{calls.collect_view()}</ul>
            </li>
        }
    });
    let shapes = shapes.iter().map(|shape| {
        view! {
            <li>
                <a rel="external" href=format!("#{}", operation::anchor(&shape.name))>
                    <code class="path">{shape.name.clone()}</code>
                </a>
            </li>
        }
    });
    view! {
        <nav class="block-section" aria-labelledby="contents">
            <h2 id="contents" class="section-title">"Contents"</h2>
            <ul class="api-index">
                {groups.collect_view()}
                <li class="api-shapes">
                    <a class="api-group link" rel="external" href="#shapes">
                        "Shapes"
                    </a>
                    <ul>{shapes.collect_view()}</ul>
                </li>
            </ul>
        </nav>
        <section class="block-section" aria-labelledby="curl">
            <h2 id="curl" class="section-title">"The curl commands"</h2>
            <p class="mt-2 max-w-3xl text-pretty">
                "Each call has a command for a shell. A cookie is kept in the file "<code>"cookies.txt"</code>
                ". A command with a bearer token reads the shell variable "<code>"TOKEN"</code>
                ": set it to the member "<code>"token"</code>" or "<code>"access"</code>" of a login's answer. In the same way, "
                <code>"REFRESH"</code>" is the member "<code>"refresh"</code>", and "<code>"ID"</code>
                " an id from a list. The name and the password are those of a demo user of a server in development."
            </p>
        </section>
    }
}

fn to_contents() -> impl IntoView {
    view! {
        <p class="mt-4">
            <a class="link" rel="external" href="#contents">
                "Contents"
            </a>
        </p>
    }
}

/// The id of a group. An operation may have the id of a group's name, so it has a prefix.
fn anchor(group: &str) -> String {
    format!("group-{}", group.to_lowercase().replace(' ', "-"))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_origin_of_a_command_is_that_of_the_request_unless_a_shell_would_run_it() {
        for (host, origin) in [
            ("localhost:4000", "http://localhost:4000"),
            ("[::1]:4000", "http://[::1]:4000"),
            ("$(reboot)", "http://localhost:3000"),
            ("a\"; reboot; \"", "http://localhost:3000"),
            ("`reboot`", "http://localhost:3000"),
        ] {
            let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]);
            assert_eq!(origin_of(&headers), origin);
        }
        assert_eq!(origin_of(&HeaderMap::new()), "http://localhost:3000");
    }
}
