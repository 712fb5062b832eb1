//! The OpenAPI document, parsed: its operations, their requests and their answers.

use auth::{ModeInfo, testing::PASSWORD};
use axum::body::Body;
use http::{Request, StatusCode, header};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::client::{Answer, Client, Kind, Site};

/// The new password for a call that changes it.
pub const NEW_PASSWORD: &str = "another gravel otter lampshade";

/// The document as the server sends it.
pub struct Document(pub Value);

/// One operation of the document.
pub struct Operation {
    pub method: String,
    pub template: String,
    pub described: Value,
}

impl Document {
    pub async fn of(site: &Site) -> Self {
        Self(site.client(Kind::Program).get("/api/openapi.json").await.json())
    }

    pub fn operations(&self) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (template, item) in self.0["paths"].as_object().unwrap() {
            for (method, described) in item.as_object().unwrap() {
                operations.push(Operation {
                    method: method.to_uppercase(),
                    template: template.clone(),
                    described: described.clone(),
                });
            }
        }
        operations
    }

    /// The operation of the parent path, as `/a` for `/a/b`. It must run before this one: its answer has what this one
    /// needs.
    pub fn call_before(&self, operation: &Operation) -> Option<Operation> {
        let (above, _) = operation.template.rsplit_once('/')?;
        self.operations().into_iter().find(|each| each.template == above && !above.contains('{'))
    }

    pub fn resolve<'v>(&'v self, value: &'v Value) -> &'v Value {
        value["$ref"].as_str().map_or(value, |place| self.0.pointer(place.trim_start_matches('#')).expect(place))
    }

    /// Checks that the document allows this answer of the operation.
    pub fn check(&self, operation: &Operation, answer: &Answer) {
        let call = format!("{} {}", operation.method, operation.template);
        let Answer { status, body, .. } = answer;
        let documented = &operation.described["responses"][status.as_str()];
        assert!(documented.is_object(), "{call}: {status} is not documented: {body}");
        let documented = self.resolve(documented);
        let Some(content) = documented.get("content") else {
            return assert_eq!(body, "", "{call}: {status} is documented without a body");
        };
        let media_type = answer.header("content-type");
        let schema = &content[media_type]["schema"];
        assert!(schema.is_object(), "{call}: {status} is not documented as {media_type}");
        let problems: Vec<_> =
            self.validator(schema).iter_errors(&answer.json()).map(|problem| problem.to_string()).collect();
        assert!(problems.is_empty(), "{call}: {status}: {problems:?}: {body}");
        if *status == StatusCode::UNAUTHORIZED {
            assert!(documented["headers"]["WWW-Authenticate"].is_object(), "{call}: its 401 names no challenge");
        }
    }

    pub fn validator(&self, schema: &Value) -> Validator {
        let root = json!({"allOf": [schema], "components": self.0["components"]});
        jsonschema::draft202012::new(&root).unwrap()
    }
}

impl Operation {
    pub fn path(&self, mode: &ModeInfo, id: &str) -> String {
        self.template.replace("{mode}", mode.id.0).replace("{id}", id)
    }

    pub fn request(&self, path: &str, media_type: Option<&str>, body: String) -> Request<Body> {
        let request = Request::builder().method(self.method.as_str()).uri(path);
        let request = media_type.into_iter().fold(request, |request, kind| request.header(header::CONTENT_TYPE, kind));
        request.body(Body::from(body)).unwrap()
    }

    pub fn successes(&self) -> impl Iterator<Item = (String, String)> {
        let statuses = self.described["responses"].as_object().unwrap().keys().filter(|status| status.starts_with('2'));
        statuses.map(|status| (self.name(), status.clone()))
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.template)
    }
}

/// The value of this field for a signed-in client, if it has one.
fn value_of(field: &str, client: &Client) -> Option<Value> {
    let text = match field {
        "username" => "alice".to_owned(),
        "password" | "current" => PASSWORD.to_owned(),
        "new" => NEW_PASSWORD.to_owned(),
        "refresh" => client.refresh.clone()?,
        "token" => client.access.clone()?,
        _ => return None,
    };
    Some(text.into())
}

/// A body with the fields of the document.
pub fn body_of(document: &Document, operation: &Operation, client: &Client) -> String {
    let schema = document.resolve(&operation.described["requestBody"]["content"]["application/json"]["schema"]);
    let fields = schema["properties"].as_object().into_iter().flat_map(serde_json::Map::keys);
    let filled: serde_json::Map<_, _> =
        fields.filter_map(|field| Some((field.clone(), value_of(field, client)?))).collect();
    Value::Object(filled).to_string()
}
