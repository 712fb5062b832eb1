//! The fields of a body: JSON, an urlencoded form or a multipart form.

use std::borrow::Cow;

use app::error::ErrorCode;
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest as _, Multipart, Request},
};
use http::{HeaderMap, StatusCode, header, request::Parts};
use serde_json::{Map, Value};

use crate::http::respond::Problem;

#[derive(Debug, Default)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// Parses the body by its `Content-Type`.
    ///
    /// # Errors
    /// 415 for another media type; 400 or 413 for a body that cannot be parsed.
    pub async fn read<S: Send + Sync>(parts: &Parts, body: Body, state: &S) -> Result<Self, Problem> {
        let whole = Request::from_parts(parts.clone(), body);
        match media_type(&parts.headers).as_deref() {
            Some("application/json") => json(&bytes(whole, state).await?),
            Some("application/x-www-form-urlencoded") => Ok(urlencoded(&bytes(whole, state).await?)),
            Some("multipart/form-data") => multipart(whole, state).await,
            // An empty body has no type.
            _ if bytes(whole, state).await?.is_empty() => Ok(Self::default()),
            _ => Err(unsupported(&parts.headers)),
        }
    }

    /// A text field. A number counts as its digits, as in Django REST framework.
    ///
    /// # Errors
    /// The code for an absent, null or blank field, and for one of another type.
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

    /// Two text fields.
    ///
    /// # Errors
    /// 400 with a message for each refused field, so that a form can show both at once.
    pub fn two_texts(&self, first: &str, second: &str) -> Result<(Cow<'_, str>, Cow<'_, str>), Problem> {
        match (self.text(first), self.text(second)) {
            (Ok(one), Ok(two)) => Ok((one, two)),
            (Err(one), Ok(_)) => Err(Problem::field(first, one)),
            (Ok(_), Err(two)) => Err(Problem::field(second, two)),
            (Err(one), Err(two)) => Err(Problem::field(first, one).and_field(second, two)),
        }
    }
}

/// Is the body one that a browser sends for an HTML form?
pub fn is_form(headers: &HeaderMap) -> bool {
    matches!(media_type(headers).as_deref(), Some("application/x-www-form-urlencoded" | "multipart/form-data"))
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next().unwrap_or(value);
    Some(essence.trim().to_ascii_lowercase())
}

async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| Problem::unreadable(rejection.status(), rejection.body_text()))
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
        // The message names a position and never repeats text of the body, which may be a password.
        Err(error) => Err(Problem::unreadable(StatusCode::BAD_REQUEST, format!("JSON parse error - {error}"))),
    }
}

/// The name of a type in the messages of Django REST framework. `None` for null, which has a message of its own.
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
        .map_err(|rejection| Problem::unreadable(rejection.status(), rejection.body_text()))?;
    let mut fields = Map::new();
    loop {
        let field = form.next_field().await.map_err(|error| Problem::unreadable(error.status(), error.body_text()))?;
        let Some(field) = field else { return Ok(Fields(fields)) };
        let Some(name) = field.name().map(str::to_owned) else { continue };
        let text = field.text().await.map_err(|error| Problem::unreadable(error.status(), error.body_text()))?;
        fields.insert(name, text.into());
    }
}

/// Repeats the header of the request unchanged, as Django REST framework does.
fn unsupported(headers: &HeaderMap) -> Problem {
    let media_type =
        headers.get(header::CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes())).unwrap_or_default();
    let mut problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::UnsupportedMediaType);
    problem.body.detail = format!("Unsupported media type \"{media_type}\" in request.");
    problem
}

#[cfg(test)]
mod tests;
