//! The examples of the document: each is of its schema, and no body is without one.

use auth::testing::Driver;
use serde_json::{Value, json};

use super::document::Document;
use crate::client::Site;

/// The examples of a body, with the schema that they belong to.
fn examples<'d>(document: &'d Document, content: &'d Value) -> (&'d Value, Vec<&'d Value>) {
    let schema = &content["schema"];
    let schema = if schema["type"] == "array" { &schema["items"] } else { schema };
    match content.get("example") {
        Some(example) => (schema, vec![example]),
        None => (schema, list(&document.resolve(schema)["examples"])),
    }
}

fn list(value: &Value) -> Vec<&Value> {
    value.as_array().into_iter().flatten().collect()
}

/// The bodies of all requests, and of all answers that are a success: the call, and the media types of the body.
fn bodies(document: &Document) -> Vec<(String, Value)> {
    let mut bodies = Vec::new();
    for operation in document.operations() {
        let described = &operation.described;
        let answers = described["responses"].as_object().unwrap().iter().filter(|(status, _)| status.starts_with('2'));
        let bodies_of_call = answers.map(|(_, answer)| answer).chain(described.get("requestBody"));
        bodies.extend(bodies_of_call.filter_map(|body| Some((operation.name(), body.get("content")?.clone()))));
    }
    bodies
}

#[tokio::test]
async fn every_request_and_every_success_has_an_example() {
    let document = Document::of(&Site::new(Driver::Sqlite).await).await;
    let bodies = bodies(&document);
    assert!(!bodies.is_empty());
    for (call, content) in &bodies {
        let (_, examples) = examples(&document, &content["application/json"]);
        assert!(!examples.is_empty(), "{call}: {}", content["application/json"]);
    }
}

#[tokio::test]
async fn every_example_is_of_its_schema() {
    let document = Document::of(&Site::new(Driver::Sqlite).await).await;
    let bodies = bodies(&document);
    let of_bodies = bodies.iter().flat_map(|(call, content)| {
        let (schema, examples) = examples(&document, &content["application/json"]);
        examples.into_iter().map(move |example| (call.clone(), schema.clone(), example))
    });
    let schemas = document.0["components"]["schemas"].as_object().unwrap();
    let of_schemas = schemas.iter().flat_map(|(name, schema)| {
        let reference = json!({"$ref": format!("#/components/schemas/{name}")});
        list(&schema["examples"]).into_iter().map(move |example| (name.clone(), reference.clone(), example))
    });
    for (name, schema, example) in of_bodies.chain(of_schemas) {
        // Without this, a misspelled member would count as one that the schema leaves open.
        let known_members = schema.get("$ref").is_some();
        let strict = json!({"allOf": [schema], "unevaluatedProperties": !known_members});
        let problems: Vec<_> =
            document.validator(&strict).iter_errors(example).map(|problem| problem.to_string()).collect();
        assert!(problems.is_empty(), "{name}: {problems:?}: {example}");
    }
}
