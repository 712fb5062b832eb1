//! Converts the JSON document for the page. The document is our own, so a missing member is left empty and is no error.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::api_document::{Answer, ApiReference, Body, Field, Group, Kind, Operation, Shape};

/// The OpenAPI document of the server that renders the page, as JSON.
#[derive(Clone, Debug)]
pub struct ApiDocument(pub Arc<str>);

impl ApiDocument {
    /// Converts it for the page.
    ///
    /// # Errors
    /// If it is not JSON.
    pub(crate) fn read(&self) -> Result<ApiReference, serde_json::Error> {
        serde_json::from_str(&self.0).map(|json| Reader { document: json }.reference())
    }
}

struct Reader {
    document: Value,
}

impl Reader {
    fn reference(&self) -> ApiReference {
        let groups = list(&self.document["tags"]).iter().map(|tag| self.group(tag)).collect();
        let shapes = members(&self.document["components"]["schemas"]).map(|(name, schema)| self.shape(name, schema));
        ApiReference { groups, shapes: shapes.collect() }
    }

    fn group(&self, tag: &Value) -> Group {
        let mut operations = Vec::new();
        for (path, item) in members(&self.document["paths"]) {
            for (method, operation) in members(item).filter(|(_, operation)| operation["tags"][0] == tag["name"]) {
                operations.push(self.operation(path, method, operation));
            }
        }
        Group { name: text(&tag["name"]), description: text(&tag["description"]), operations }
    }

    fn operation(&self, path: &str, method: &str, operation: &Value) -> Operation {
        let credentials = list(&operation["security"]).iter().flat_map(members).map(|(name, _)| name.to_owned());
        let body = operation.get("requestBody").map(|body| Body {
            media_types: members(&body["content"]).map(|(name, _)| name.to_owned()).collect(),
            kind: content_kind(body).unwrap_or_else(|| kind(&Value::Null)),
            required: body["required"] == true,
        });
        let answers = members(&operation["responses"]).map(|(status, answer)| self.answer(status, answer));
        Operation {
            id: text(&operation["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(&operation["summary"]),
            description: text(&operation["description"]),
            credentials: credentials.collect(),
            parameters: list(&operation["parameters"]).iter().map(parameter).collect(),
            body,
            answers: answers.collect(),
        }
    }

    fn answer(&self, status: &str, answer: &Value) -> Answer {
        let answer = self.resolve(answer);
        Answer {
            status: status.to_owned(),
            description: text(&answer["description"]),
            headers: members(&answer["headers"]).map(|(name, header)| field(name, header, false)).collect(),
            kind: content_kind(answer),
        }
    }

    fn shape(&self, name: &str, schema: &Value) -> Shape {
        let fields = self.fields(schema);
        Shape {
            name: name.to_owned(),
            description: text(&schema["description"]),
            kind: fields.is_empty().then(|| kind(schema)),
            fields,
        }
    }

    /// The fields of an object, including those of its `allOf` parts.
    fn fields(&self, schema: &Value) -> Vec<Field> {
        let schema = self.resolve(schema);
        let required = list(&schema["required"]);
        let own = members(&schema["properties"]).map(|(name, property)| Field {
            name: name.to_owned(),
            kind: kind(property),
            required: required.iter().any(|each| each == name),
            description: text(&property["description"]),
        });
        let others = schema.get("additionalProperties").filter(|rest| rest.is_object()).map(|rest| Field {
            name: "…".to_owned(),
            kind: kind(rest),
            required: false,
            description: String::new(),
        });
        let parts = list(&schema["allOf"]).iter().flat_map(|part| self.fields(part));
        parts.chain(own).chain(others).collect()
    }

    fn resolve<'v>(&'v self, value: &'v Value) -> &'v Value {
        let target = value["$ref"].as_str().and_then(|place| place.strip_prefix('#'));
        target.and_then(|place| self.document.pointer(place)).unwrap_or(value)
    }
}

fn parameter(parameter: &Value) -> Field {
    field(&text(&parameter["name"]), parameter, parameter["required"] == true)
}

fn field(name: &str, described: &Value, required: bool) -> Field {
    let description = text(&described["description"]);
    Field { name: name.to_owned(), kind: kind(&described["schema"]), required, description }
}

/// The type of a request's or a response's body. All its media types have the same schema.
fn content_kind(body: &Value) -> Option<Kind> {
    members(&body["content"]).next().map(|(_, content)| kind(&content["schema"]))
}

/// A schema in a few words.
fn kind(schema: &Value) -> Kind {
    if let Some(name) = schema["$ref"].as_str().and_then(|place| place.rsplit('/').next()) {
        return Kind { text: name.to_owned(), shape: Some(name.to_owned()) };
    }
    let choices = ["oneOf", "anyOf", "allOf"].into_iter().flat_map(|word| list(&schema[word]));
    let choices: Vec<_> = choices.map(kind).collect();
    if !choices.is_empty() {
        let texts: Vec<_> = choices.iter().map(|choice| choice.text.as_str()).collect();
        return Kind { text: texts.join(" or "), shape: choices.into_iter().find_map(|choice| choice.shape) };
    }
    if let Some(values) = schema["enum"].as_array() {
        return plain(values.iter().map(text).collect::<Vec<_>>().join(", "));
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => {
            let item = kind(&schema["items"]);
            Kind { text: format!("list of {}", item.text), shape: item.shape }
        }
        Value::String(name) => plain(name.clone()),
        Value::Array(names) => plain(names.iter().map(text).collect::<Vec<_>>().join(" or ")),
        _ => plain("anything".to_owned()),
    }
}

fn plain(text: String) -> Kind {
    Kind { text, shape: None }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(document: &Value) -> ApiReference {
        ApiDocument(document.to_string().into()).read().unwrap()
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
}
