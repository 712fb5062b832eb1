use serde_json::json;

use super::*;

fn read(document: &Value) -> ApiReference {
    super::read(&document.to_string()).unwrap()
}

#[test]
fn an_operation_is_in_the_group_of_its_tag() {
    let document = json!({
        "tags": [{"name": "A"}, {"name": "B", "description": "The second."}],
        "paths": {"/b": {"get": {"tags": ["B"], "operationId": "b", "summary": "Reads."}}},
    });
    let groups = read(&document).groups;
    assert!(groups[0].operations.is_empty());
    assert_eq!(groups[1].description, "The second.");
    let found = &groups[1].operations[0];
    assert_eq!((found.method.as_str(), found.path.as_str(), found.summary.as_str()), ("GET", "/b", "Reads."));
}

#[test]
fn an_answer_is_found_behind_its_reference() {
    let document = json!({
        "tags": [{"name": "A"}],
        "paths": {"/a": {"get": {"tags": ["A"], "responses": {"404": {"$ref": "#/components/responses/Gone"}}}}},
        "components": {"responses": {"Gone": {
            "description": "Not here.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }}},
    });
    let answer = &read(&document).groups[0].operations[0].answers[0];
    assert_eq!((answer.status.as_str(), answer.description.as_str()), ("404", "Not here."));
    assert_eq!(answer.kind.as_ref().unwrap().shape.as_deref(), Some("Problem"));
}

#[test]
fn a_shape_has_the_fields_of_its_parts() {
    let document = json!({"components": {"schemas": {
        "Part": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
        "Whole": {"allOf": [{"$ref": "#/components/schemas/Part"}, {"properties": {"b": {"type": ["integer", "null"]}}}]},
    }}});
    let whole = &read(&document).shapes[1];
    let fields: Vec<_> =
        whole.fields.iter().map(|field| (field.name.as_str(), field.kind.text.as_str(), field.required)).collect();
    assert_eq!(fields, [("a", "string", true), ("b", "integer or null", false)]);
    assert_eq!(whole.kind, None);
}

#[test]
fn a_kind_is_written_in_words() {
    for (schema, words) in [
        (json!({"type": "array", "items": {"$ref": "#/components/schemas/Me"}}), "list of Me"),
        (json!({"enum": ["a", "b"]}), "a, b"),
        (json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Me"}]}), "null or Me"),
        (json!({}), "anything"),
    ] {
        assert_eq!(kind(&schema).text, words);
    }
}

#[test]
fn an_example_is_that_of_the_schema_unless_the_body_has_its_own() {
    let answer = |content: Value| {
        read(&json!({
            "tags": [{"name": "A"}],
            "paths": {"/a": {"get": {"tags": ["A"], "responses": {"200": {"content": {"application/json": content}}}}}},
            "components": {"schemas": {"Me": {"type": "object", "examples": [{"id": "1"}, {"id": "2"}]}}},
        }))
        .groups[0]
            .operations[0]
            .answers[0]
            .examples
            .clone()
    };
    let me = json!({"$ref": "#/components/schemas/Me"});
    assert_eq!(answer(json!({"schema": me})), [json!({"id": "1"}), json!({"id": "2"})]);
    assert_eq!(answer(json!({"schema": me, "example": {"id": "3"}})), [json!({"id": "3"})]);
    let list = json!({"type": "array", "items": me});
    assert_eq!(answer(json!({"schema": list})), [json!([{"id": "1"}, {"id": "2"}])]);
}

#[test]
fn the_example_of_a_request_begins_with_what_the_request_needs() {
    let document = json!({
        "tags": [{"name": "A"}],
        "paths": {"/a": {"post": {"tags": ["A"], "requestBody": {"content": {"application/json": {"schema": {
            "type": "object",
            "required": ["username", "password"],
            "examples": [{"mode": "m", "password": "p", "username": "u"}],
        }}}}}}},
    });
    let body = read(&document).groups[0].operations[0].body.clone().unwrap();
    let names: Vec<_> = body.example.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["username", "password", "mode"]);
}
