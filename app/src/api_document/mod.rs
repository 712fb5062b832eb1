//! The OpenAPI document as the page shows it: its operations by group, and the shapes of their bodies.

#[cfg(feature = "ssr")]
mod read;

use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
pub use read::ApiDocument;

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiReference {
    /// The operations, in the order of the document's tags.
    pub groups: Vec<Group>,
    /// What the kinds of the fields refer to, by name.
    pub shapes: Vec<Shape>,
}

/// The operations of one tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub name: String,
    pub description: String,
    pub operations: Vec<Operation>,
}

/// One method on one path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// No other operation has it.
    pub id: String,
    pub method: String,
    pub path: String,
    /// A sentence.
    pub summary: String,
    /// What else there is to say. May be empty.
    pub description: String,
    /// The security schemes, any of which will do. Empty: nobody is asked.
    pub credentials: Vec<String>,
    /// Of the path and the query.
    pub parameters: Vec<Field>,
    pub body: Option<Body>,
    pub answers: Vec<Answer>,
}

/// What is sent along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    pub media_types: Vec<String>,
    pub kind: Kind,
    pub required: bool,
}

/// What may come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub status: String,
    pub description: String,
    pub headers: Vec<Field>,
    pub kind: Option<Kind>,
}

/// A body that has a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    pub name: String,
    pub description: String,
    /// What it is, where it has no fields.
    pub kind: Option<Kind>,
    pub fields: Vec<Field>,
}

/// A parameter, a header, or a field of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub required: bool,
    pub description: String,
}

/// What a value is, in words, and the shape that the words name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    pub text: String,
    pub shape: Option<String>,
}
