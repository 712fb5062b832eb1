//! The OpenAPI document in the form that the page shows: operations by group, and the schemas of their bodies.

use serde_json::Value;

/// The whole document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiReference {
    /// The origin of the server, if the document names it.
    pub origin: Option<String>,
    /// The operations, in the order of the document's tags.
    pub groups: Vec<Group>,
    /// The named schemas that fields refer to.
    pub shapes: Vec<Shape>,
}

/// The operations of one tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub name: String,
    pub description: String,
    pub operations: Vec<Operation>,
}

/// One method on one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Unique in the document.
    pub id: String,
    pub method: String,
    pub path: String,
    /// A sentence.
    pub summary: String,
    /// The details. May be empty.
    pub description: String,
    /// The security schemes, any one of which is enough. Empty: no credential is needed.
    pub credentials: Vec<String>,
    /// Path and query parameters.
    pub parameters: Vec<Field>,
    pub body: Option<Body>,
    pub answers: Vec<Answer>,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub media_types: Vec<String>,
    pub kind: Kind,
    pub required: bool,
    /// The first example: its members, the required ones first.
    pub example: Vec<(String, Value)>,
}

/// One possible response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: String,
    pub description: String,
    pub headers: Vec<Field>,
    pub kind: Option<Kind>,
    /// Bodies. Empty if the answer has no body.
    pub examples: Vec<Value>,
}

/// A named schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    pub name: String,
    pub description: String,
    /// Its type, if it has no fields.
    pub kind: Option<Kind>,
    pub fields: Vec<Field>,
}

/// A parameter, a header, or a field of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub required: bool,
    pub description: String,
}

/// The type of a value in words, and the named schema that it refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    pub text: String,
    pub shape: Option<String>,
}
