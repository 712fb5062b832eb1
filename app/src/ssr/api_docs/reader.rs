//! Reads the JSON document. The document is our own, so a missing member is left empty and is no error.

use serde_json::{Map, Value};

use super::reference::{Answer, ApiReference, Body, Field, Group, Kind, Operation, Shape};

/// Converts the document for the page.
///
/// # Errors
/// If it is not JSON.
pub(super) fn read(document: &str) -> Result<ApiReference, serde_json::Error> {
    serde_json::from_str(document).map(|document| Reader { document }.reference())
}

struct Reader {
    document: Value,
}

impl Reader {
    fn reference(&self) -> ApiReference {
        let groups = list(&self.document["tags"]).iter().map(|tag| self.group(tag)).collect();
        let shapes = members(&self.document["components"]["schemas"]).map(|(name, schema)| self.shape(name, schema));
        let origin = self.document["servers"][0]["url"].as_str().map(str::to_owned);
        ApiReference { origin, groups, shapes: shapes.collect() }
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
            example: self.body_example(body),
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
            examples: self.examples(answer),
        }
    }

    /// The members of a request's example: the required ones first, in their order.
    fn body_example(&self, body: &Value) -> Vec<(String, Value)> {
        let Some(Value::Object(mut example)) = self.examples(body).into_iter().next() else { return Vec::new() };
        let schema = members(&body["content"]).next().map(|(_, content)| self.resolve(&content["schema"]));
        let required = schema.into_iter().flat_map(|schema| list(&schema["required"])).filter_map(Value::as_str);
        let mut ordered: Vec<_> = required.filter_map(|name| Some((name.to_owned(), example.remove(name)?))).collect();
        ordered.extend(example);
        ordered
    }

    /// The examples of a body: its own, or those of its schema.
    fn examples(&self, body: &Value) -> Vec<Value> {
        let Some((_, content)) = members(&body["content"]).next() else { return Vec::new() };
        match content.get("example") {
            Some(example) => vec![example.clone()],
            None => self.schema_examples(&content["schema"]),
        }
    }

    /// The examples of a schema. A list has one example, with every example of its items.
    fn schema_examples(&self, schema: &Value) -> Vec<Value> {
        let schema = self.resolve(schema);
        if schema["type"] == "array" {
            let items = self.schema_examples(&schema["items"]);
            return if items.is_empty() { items } else { vec![items.into()] };
        }
        list(&schema["examples"]).to_vec()
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
mod tests;
