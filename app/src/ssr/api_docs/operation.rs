//! One call, and one schema.

use http::StatusCode;
use leptos::prelude::*;
use serde_json::Value;

use super::{
    curl::{Curl, Sample},
    reference::{Answer, Body, Field, Kind, Operation, Shape},
};

/// One call of the JSON API: a summary that opens to show its request and its responses.
pub(super) fn operation(operation: Operation, curl: &Curl) -> impl IntoView + use<> {
    let samples = curl.samples(&operation);
    let Operation { id, method, path, summary, description, credentials, parameters, body, answers } = operation;
    let success = answers.iter().find(|answer| answer.status.starts_with('2')).map(example_answers);
    view! {
        <details class="operation" id=id>
            <summary>
                <span class="method">{method}</span>
                <code class="path">{path}</code>
                <span class="text-muted">{summary}</span>
            </summary>
            <div class="operation-body">
                {(!description.is_empty()).then(|| view! { <p class="text-pretty">{inline_code(&description)}</p> })}
                <h3 class="term">"Command for a shell"</h3>
                {samples.into_iter().map(sample).collect_view()}
                {(!credentials.is_empty())
                    .then(|| view! {
                        <h3 class="term">"Credential"</h3>
                        <p>{credentials.join(" or ")}</p>
                    })}
                {(!parameters.is_empty())
                    .then(|| view! {
                        <h3 class="term">"Parameters"</h3>
                        {fields(parameters)}
                    })}
                {body.map(request_body)}
                {success}
                <h3 class="term">"Answers"</h3>
                <dl class="api-fields">{answers.into_iter().map(answer).collect_view()}</dl>
            </div>
        </details>
    }
}

fn sample(sample: Sample) -> impl IntoView {
    let Sample { label, command } = sample;
    view! {
        {(!label.is_empty()).then(|| view! { <p class="hint">{label}</p> })}
        {code(command)}
    }
}

/// A block of code. It scrolls inside of its box, by keyboard too.
fn code(text: String) -> impl IntoView {
    view! { <pre class="code" tabindex="0"><code>{text}</code></pre> }
}

fn request_body(body: Body) -> impl IntoView {
    let members = body.example.iter().map(|(name, value)| format!("  {}: {value:#}", Value::from(name.as_str())));
    let example = format!("{{\n{}\n}}", members.collect::<Vec<_>>().join(",\n"));
    view! {
        <h3 class="term">{if body.required { "Body" } else { "Body, if any" }}</h3>
        <p>
            {body.kind.shape.is_some().then_some("The shape ")}
            {kind(body.kind)}
            <span class="text-muted">{format!(", sent as {}", body.media_types.join(", "))}</span>
        </p>
        {code(example)}
    }
}

/// The answer of a success, once for each example of its body.
fn example_answers(answer: &Answer) -> impl IntoView + use<> {
    let status = answer.status.parse().ok().and_then(|status: StatusCode| status.canonical_reason());
    let line = format!("HTTP/1.1 {} {}", answer.status, status.unwrap_or_default());
    let mut texts: Vec<_> = answer.examples.iter().map(|body| format!("{line}\n\n{body:#}")).collect();
    if texts.is_empty() {
        texts.push(line);
    }
    view! {
        <h3 class="term">{if texts.len() == 1 { "Example answer" } else { "Example answers" }}</h3>
        {texts.into_iter().map(code).collect_view()}
    }
}

fn answer(answer: Answer) -> impl IntoView {
    let Answer { status, description, headers, kind: body, .. } = answer;
    view! {
        <div>
            <dt>
                <code>{status}</code>
            </dt>
            <dd>
                {body.map(kind)}
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

/// A named schema: its name opens to show its fields.
pub(super) fn shape(shape: Shape) -> impl IntoView {
    let Shape { name, description, kind: whole, fields: members } = shape;
    let id = anchor(&name);
    view! {
        <details class="operation" id=id>
            <summary>
                <code class="path">{name}</code>
            </summary>
            <div class="operation-body">
                {(!description.is_empty()).then(|| view! { <p class="text-pretty">{inline_code(&description)}</p> })}
                {whole.map(|whole| view! { <p>{kind(whole)}</p> })}
                {(!members.is_empty()).then(|| fields(members))}
            </div>
        </details>
    }
}

/// A list of parameters or of a schema's fields.
fn fields(fields: Vec<Field>) -> impl IntoView {
    let fields = fields.into_iter().map(|field| {
        view! {
            <div>
                <dt>
                    <code>{field.name}</code>
                </dt>
                <dd>
                    {kind(field.kind)}
                    {(!field.required).then_some(", optional")}
                    {(!field.description.is_empty()).then(|| view! { <p class="hint">{inline_code(&field.description)}</p> })}
                </dd>
            </div>
        }
    });
    view! { <dl class="api-fields">{fields.collect_view()}</dl> }
}

/// The type of a value, with a link to the schema that it names.
fn kind(kind: Kind) -> impl IntoView {
    let Kind { text, shape } = kind;
    match shape {
        Some(shape) => {
            view! { <a class="link" rel="external" href=format!("#{}", anchor(&shape))>{text}</a> }.into_any()
        }
        None => view! { <span>{text}</span> }.into_any(),
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

pub(super) fn anchor(shape: &str) -> String {
    format!("shape-{shape}")
}
