//! The OpenAPI document in the form that the page shows: operations by group, and the schemas of their bodies.

use serde_json::Value;

/// The whole document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ApiReference {
    /// The origin of the server, if the document names it.
    pub(super) origin: Option<String>,
    /// The operations, in the order of the document's tags.
    pub(super) groups: Vec<Group>,
    /// The named schemas that fields refer to.
    pub(super) shapes: Vec<Shape>,
}

/// The operations of one tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) operations: Vec<Operation>,
}

/// One method on one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Operation {
    /// Unique in the document.
    pub(super) id: String,
    pub(super) method: String,
    pub(super) path: String,
    /// A sentence.
    pub(super) summary: String,
    /// The details. May be empty.
    pub(super) description: String,
    /// The security schemes, any one of which is enough. Empty: no credential is needed.
    pub(super) credentials: Vec<String>,
    /// Path and query parameters.
    pub(super) parameters: Vec<Field>,
    pub(super) body: Option<Body>,
    pub(super) answers: Vec<Answer>,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) media_types: Vec<String>,
    pub(super) kind: Kind,
    pub(super) required: bool,
    /// The first example: its members, the required ones first.
    pub(super) example: Vec<(String, Value)>,
}

/// One possible response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: String,
    pub(super) description: String,
    pub(super) headers: Vec<Field>,
    pub(super) kind: Option<Kind>,
    /// Bodies. Empty if the answer has no body.
    pub(super) examples: Vec<Value>,
}

/// A named schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) name: String,
    pub(super) description: String,
    /// Its type, if it has no fields.
    pub(super) kind: Option<Kind>,
    pub(super) fields: Vec<Field>,
}

/// A parameter, a header, or a field of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) required: bool,
    pub(super) description: String,
}

/// The type of a value in words, and the named schema that it refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) text: String,
    pub(super) shape: Option<String>,
}
