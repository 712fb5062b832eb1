use leptos::prelude::*;

use crate::api_document::{Answer, Body, Operation};

use super::{
    inline_code::inline_code,
    schema::{ApiFields, ApiKind},
};

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
