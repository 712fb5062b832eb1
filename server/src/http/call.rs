//! An unsafe request, read: its head, and its body whatever it was written in.

use std::borrow::Cow;

use app::error::ErrorCode;
use auth::{BodyCredential, SecretString};
use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request},
};
use http::{HeaderMap, StatusCode, header, request::Parts};
use serde_json::{Map, Value};

use super::{local_path::LocalPath, problem::Problem};

/// The head and the fields of a request.
pub struct Call {
    /// The head. Where the body showed a credential, it is in the extensions.
    pub parts: Parts,
    /// The fields.
    pub fields: Fields,
    /// Who wants the answer.
    pub answer_as: AnswerAs,
}

/// What kind of answer the caller understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerAs {
    /// A program: a status and JSON.
    Json,
    /// A browser that sent a form and shows whatever comes: a redirect.
    Page {
        /// Where it wants to go on success.
        next: Option<LocalPath>,
    },
}

/// The fields of a body.
#[derive(Debug, Default)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// A text. A number counts as its digits, as Django REST framework has it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn text(&self, name: &str) -> Result<Cow<'_, str>, ErrorCode> {
        match self.0.get(name) {
            None => Err(ErrorCode::Required),
            Some(Value::Null) => Err(ErrorCode::Null),
            Some(Value::String(text)) if text.trim().is_empty() => Err(ErrorCode::Blank),
            Some(Value::String(text)) => Ok(Cow::Borrowed(text)),
            Some(Value::Number(number)) => Ok(Cow::Owned(number.to_string())),
            Some(_) => Err(ErrorCode::NotAString),
        }
    }

    /// Two texts, or everything that is wrong with either.
    ///
    /// # Errors
    /// 400 with a message for each field.
    pub fn two_texts(&self, first: &str, second: &str) -> Result<(Cow<'_, str>, Cow<'_, str>), Problem> {
        match (self.text(first), self.text(second)) {
            (Ok(one), Ok(two)) => Ok((one, two)),
            (Err(one), Ok(_)) => Err(Problem::field(first, one)),
            (Ok(_), Err(two)) => Err(Problem::field(second, two)),
            (Err(one), Err(two)) => Err(Problem::field(first, one).and_field(second, two)),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let whole = Request::from_parts(parts.clone(), body);
        let media_type = media_type(&parts.headers);
        let form = matches!(media_type.as_deref(), Some("application/x-www-form-urlencoded" | "multipart/form-data"));
        let fields = match media_type.as_deref() {
            Some("application/json") => json(&bytes(whole, state).await?)?,
            Some("application/x-www-form-urlencoded") => urlencoded(&bytes(whole, state).await?),
            Some("multipart/form-data") => multipart(whole, state).await?,
            // An empty body has no type.
            _ if bytes(whole, state).await?.is_empty() => Fields::default(),
            _ => return Err(unsupported(&parts.headers)),
        };
        if let Ok(refresh) = fields.text("refresh") {
            parts.extensions.insert(BodyCredential(SecretString::new(refresh.into_owned())));
        }
        let answer_as = if form && accepts_html(&parts.headers) {
            AnswerAs::Page { next: fields.text("next").ok().and_then(|text| LocalPath::parse(&text)) }
        } else {
            AnswerAs::Json
        };
        Ok(Self { parts, fields, answer_as })
    }
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next().unwrap_or(value);
    Some(essence.trim().to_ascii_lowercase())
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|text| text.contains("text/html"))
}

async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| unreadable(rejection.status(), &rejection.body_text()))
}

fn json(bytes: &Bytes) -> Result<Fields, Problem> {
    if bytes.is_empty() {
        return Ok(Fields::default());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(fields)) => Ok(Fields(fields)),
        Ok(other) => {
            let mut problem = Problem::new(StatusCode::BAD_REQUEST, ErrorCode::Invalid);
            let message = match python_name(&other) {
                None => "No data provided".to_owned(),
                Some(name) => format!("Invalid data. Expected a dictionary, but got {name}."),
            };
            problem.body.fields.insert("non_field_errors".to_owned(), vec![message]);
            Err(problem)
        }
        // The parser names a position, never the text that it found there.
        Err(error) => Err(unreadable(StatusCode::BAD_REQUEST, &format!("JSON parse error - {error}"))),
    }
}

/// As Django REST framework calls it. It has no name for nothing.
fn python_name(value: &Value) -> Option<&'static str> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some("bool"),
        Value::Number(number) if number.is_f64() => Some("float"),
        Value::Number(_) => Some("int"),
        Value::String(_) => Some("str"),
        Value::Array(_) => Some("list"),
        Value::Object(_) => Some("dict"),
    }
}

fn urlencoded(bytes: &Bytes) -> Fields {
    Fields(form_urlencoded::parse(bytes).map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect())
}

async fn multipart<S: Send + Sync>(request: Request, state: &S) -> Result<Fields, Problem> {
    let mut form = Multipart::from_request(request, state)
        .await
        .map_err(|rejection| unreadable(rejection.status(), &rejection.body_text()))?;
    let mut fields = Map::new();
    loop {
        let field = form.next_field().await.map_err(|error| unreadable(error.status(), &error.body_text()))?;
        let Some(field) = field else { return Ok(Fields(fields)) };
        let Some(name) = field.name().map(str::to_owned) else { continue };
        let text = field.text().await.map_err(|error| unreadable(error.status(), &error.body_text()))?;
        fields.insert(name, text.into());
    }
}

fn unreadable(status: StatusCode, detail: &str) -> Problem {
    let mut problem = Problem::new(status, ErrorCode::ParseError);
    detail.clone_into(&mut problem.body.detail);
    problem
}

/// Names the header as it was sent, as Django REST framework does.
fn unsupported(headers: &HeaderMap) -> Problem {
    let sent =
        headers.get(header::CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes())).unwrap_or_default();
    let mut problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::UnsupportedMediaType);
    problem.body.detail = format!("Unsupported media type \"{sent}\" in request.");
    problem
}
