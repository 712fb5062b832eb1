use leptos::prelude::*;

use crate::api_document::{Answer, Body, Field, Kind, Operation, Shape};

use super::inline_code;

/// One call of the JSON API: a summary that opens to show its request and its responses.
#[component]
pub(crate) fn ApiOperation(operation: Operation) -> impl IntoView {
    let Operation { id, method, path, summary, description, credentials, parameters, body, answers } = operation;
    view! {
        <details class="operation" id=id>
            <summary>
                <span class="method">{method}</span>
                <code class="path">{path}</code>
                <span class="text-muted">{summary}</span>
            </summary>
            <div class="operation-body">
                {(!description.is_empty()).then(|| view! { <p class="text-pretty">{inline_code(&description)}</p> })}
                {(!credentials.is_empty()).then(|| view! { <Credentials credentials /> })}
                {(!parameters.is_empty())
                    .then(|| view! {
                        <h3 class="term">"Parameters"</h3>
                        <ApiFields fields=parameters />
                    })}
                {body.map(|body| view! { <RequestBody body /> })}
                <h3 class="term">"Answers"</h3>
                <dl class="api-fields">{answers.into_iter().map(answer).collect_view()}</dl>
            </div>
        </details>
    }
}

#[component]
fn Credentials(credentials: Vec<String>) -> impl IntoView {
    view! {
        <h3 class="term">"Credential"</h3>
        <p>{credentials.join(" or ")}</p>
    }
}

#[component]
fn RequestBody(body: Body) -> impl IntoView {
    view! {
        <h3 class="term">{if body.required { "Body" } else { "Body, if any" }}</h3>
        <p>
            <ApiKind kind=body.kind />
            <span class="text-muted">{format!(" as {}", body.media_types.join(", "))}</span>
        </p>
    }
}

fn answer(answer: Answer) -> impl IntoView {
    let Answer { status, description, headers, kind } = answer;
    view! {
        <div>
            <dt>
                <code>{status}</code>
            </dt>
            <dd>
                {kind.map(|kind| view! { <ApiKind kind /> })}
                <p class="text-pretty">{inline_code(&description)}</p>
                {headers
                    .into_iter()
                    .map(|header| view! {
                        <p class="hint">
                            <code>{header.name}</code>
                            ": "
                            {inline_code(&header.description)}
                        </p>
                    })
                    .collect_view()}
            </dd>
        </div>
    }
}

/// A named schema with its fields.
#[component]
pub(crate) fn ApiShape(shape: Shape) -> impl IntoView {
    let Shape { name, description, kind, fields } = shape;
    let id = anchor(&name);
    view! {
        <section class="shape" id=id>
            <h3 class="font-semibold">{name}</h3>
            {(!description.is_empty()).then(|| view! { <p class="text-muted text-pretty">{inline_code(&description)}</p> })}
            {kind.map(|kind| view! { <p><ApiKind kind /></p> })}
            {(!fields.is_empty()).then(|| view! { <ApiFields fields /> })}
        </section>
    }
}

/// A list of parameters or of a schema's fields.
#[component]
pub(crate) fn ApiFields(fields: Vec<Field>) -> impl IntoView {
    let fields = fields.into_iter().map(|field| {
        view! {
            <div>
                <dt>
                    <code>{field.name}</code>
                </dt>
                <dd>
                    <ApiKind kind=field.kind />
                    {(!field.required).then_some(", optional")}
                    {(!field.description.is_empty()).then(|| view! { <p class="hint">{inline_code(&field.description)}</p> })}
                </dd>
            </div>
        }
    });
    view! { <dl class="api-fields">{fields.collect_view()}</dl> }
}

/// The type of a value, with a link to the schema that it names.
#[component]
pub(crate) fn ApiKind(kind: Kind) -> impl IntoView {
    let Kind { text, shape } = kind;
    match shape {
        Some(shape) => view! { <a class="link" href=format!("#{}", anchor(&shape))>{text}</a> }.into_any(),
        None => view! { <span>{text}</span> }.into_any(),
    }
}

fn anchor(shape: &str) -> String {
    format!("shape-{shape}")
}
