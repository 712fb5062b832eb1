use leptos::prelude::*;

use crate::api_document::{Field, Kind, Shape};

use super::inline_code::inline_code;

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
