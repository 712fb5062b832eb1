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
        // The parser names a position, never the text that it found there.
        Err(error) => Err(Problem::unreadable(StatusCode::BAD_REQUEST, &format!("JSON parse error - {error}"))),
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

/// Names the header as it was sent, as Django REST framework does.
fn unsupported(headers: &HeaderMap) -> Problem {
    let sent =
        headers.get(header::CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes())).unwrap_or_default();
    let mut problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::UnsupportedMediaType);
    problem.body.detail = format!("Unsupported media type \"{sent}\" in request.");
    problem
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, response::IntoResponse as _};
    use proptest::{collection::vec, prelude::*, sample::select};
    use tokio::runtime::{Builder, Runtime};

    use super::*;

    const FORM: &str = "application/x-www-form-urlencoded";
    const MULTIPART: &str = "multipart/form-data; boundary=X";

    fn runtime() -> Runtime {
        Builder::new_current_thread().build().unwrap()
    }

    fn read(media_type: &str, body: impl Into<Body>) -> Result<Fields, Problem> {
        let request = http::Request::post("/").header(header::CONTENT_TYPE, media_type).body(body.into()).unwrap();
        runtime().block_on(Call::from_request(request, &())).map(|call| call.fields)
    }

    fn refusal(media_type: &str, body: impl Into<Body>) -> (StatusCode, ErrorCode) {
        let problem = read(media_type, body).unwrap_err();
        (problem.status, problem.body.code)
    }

    fn part(name: &str, text: &str) -> String {
        format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    }

    #[test]
    fn of_a_field_that_is_there_twice_the_last_counts_as_in_django() {
        let multipart = part("a", "1") + &part("a", "2") + "--X--\r\n";
        for (media_type, body) in
            [("application/json", r#"{"a": "1", "a": "2"}"#), (FORM, "a=1&a=2"), (MULTIPART, multipart.as_str())]
        {
            assert_eq!(read(media_type, body.to_owned()).unwrap().text("a"), Ok("2".into()), "{media_type}");
        }
    }

    #[test]
    fn json_that_nobody_should_write_is_a_parse_error() {
        let deep = "[".repeat(60_000);
        let objects = "{\"a\":".repeat(10_000);
        for body in [
            &b"{\"a\": \"\\ud800\"}"[..],
            b"{\"a\": \"\\udc00\\ud800\"}",
            b"{\"a\": \"\xff\"}",
            b"{\"a\": \"\xed\xa0\x80\"}",
            b"{\"\xc0\xaf\": 1}",
            b"{\"a\": \"\0\"}",
            b"{\"a\": 1e999}",
            b"{\"a\": -1e999}",
            b"{\"a\": NaN}",
            b"{\"a\": 01}",
            b"{'a': 1}",
            b"{\"a\": 1,}",
            b"{} {}",
            b"\xef\xbb\xbf{}",
            b" ",
            deep.as_bytes(),
            objects.as_bytes(),
        ] {
            let shown = String::from_utf8_lossy(&body[..body.len().min(30)]).into_owned();
            let refused = refusal("application/json", body.to_vec());
            assert_eq!(refused, (StatusCode::BAD_REQUEST, ErrorCode::ParseError), "{shown}");
        }
    }

    #[test]
    fn a_number_is_its_text_however_large() {
        for (number, text) in
            [("0", "0"), ("-1", "-1"), ("18446744073709551615", "18446744073709551615"), ("1e2", "100.0")]
        {
            let fields = read("application/json", format!("{{\"a\": {number}}}")).unwrap();
            assert_eq!(fields.text("a").unwrap(), text);
        }
    }

    #[test]
    fn a_multipart_body_without_a_boundary_or_an_end_is_refused() {
        let whole = part("a", "1") + "--X--\r\n";
        let headless = "--X\r\n\r\ntext\r\n--X--\r\n";
        for (media_type, body) in [
            ("multipart/form-data", whole.as_str()),
            ("multipart/form-data; boundary=", &whole),
            ("multipart/form-data; boundary=\"", &whole),
            ("multipart/form-data; boundary=Y", &whole),
            (MULTIPART, ""),
            (MULTIPART, "--X"),
            (MULTIPART, &whole[..whole.len() - 9]),
            (MULTIPART, "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n"),
            (MULTIPART, headless),
            (MULTIPART, "--X\r\nno header\r\n\r\n\r\n--X--\r\n"),
        ] {
            let refused = refusal(media_type, body.to_owned());
            assert_eq!(refused, (StatusCode::BAD_REQUEST, ErrorCode::ParseError), "{media_type}: {body:?}");
        }
    }

    #[test]
    fn another_media_type_is_named_in_the_refusal() {
        for media_type in ["text/plain", "application/xml", "application/jsonp", "application/json/x", ";", "x\"y"] {
            let problem = read(media_type, "{}").unwrap_err();
            assert_eq!(problem.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{media_type}");
        }
    }

    fn anything() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            3 => select(vec![
                "{", "}", "[", "]", ":", ",", "\"", "\"a\":", "\\u", "d800", "null", "1e", "99", "--X", "--X--", "\r\n",
                "Content-Disposition: form-data; name=", "Content-Type: text/plain; charset=utf-16", "a=", "&", "%", "+", "%ff",
            ])
            .prop_map(|text| text.as_bytes().to_vec()),
            1 => vec(any::<u8>(), 0..8),
        ];
        vec(piece, 0..16).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn whatever_the_body_it_is_read_or_refused_in_the_documented_shape(
            media_type in select(vec!["application/json", FORM, MULTIPART, "text/plain", "", "Application/JSON; charset=x"]),
            body in anything(),
        ) {
            match read(media_type, body.clone()) {
                Ok(fields) => for name in fields.0.keys() {
                    prop_assert!(fields.text(name).is_ok_and(|text| !text.is_empty()) || fields.text(name).is_err());
                },
                Err(problem) => {
                    let code = match problem.status {
                        StatusCode::BAD_REQUEST if problem.body.code == ErrorCode::Invalid => ErrorCode::Invalid,
                        StatusCode::BAD_REQUEST => ErrorCode::ParseError,
                        StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorCode::UnsupportedMediaType,
                        other => return Err(TestCaseError::fail(format!("{other} for {body:?}"))),
                    };
                    prop_assert_eq!(problem.body.code, code);
                    prop_assert!(problem.into_response().status().is_client_error());
                }
            }
        }

        #[test]
        fn a_form_is_read_as_it_was_written(pairs in vec((any::<String>(), any::<String>()), 0..5)) {
            let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            let expected: Map<_, _> = pairs.into_iter().map(|(name, value)| (name, value.into())).collect();
            prop_assert_eq!(read(FORM, form).unwrap().0, expected);
        }

        #[test]
        fn json_is_read_as_it_was_written(text in vec(any::<char>(), 1..20).prop_map(String::from_iter)) {
            // Blanks alone are none, as Django REST framework has it.
            prop_assume!(!text.trim().is_empty());
            let body = serde_json::json!({"a": text, &text: "b"}).to_string();
            let fields = read("application/json", body).unwrap();
            prop_assert_eq!(fields.text(&text).unwrap(), "b");
            prop_assert_eq!(fields.text("a").unwrap(), if text == "a" { "b" } else { text.as_str() });
        }

        #[test]
        fn a_parse_error_repeats_nothing_of_the_body(before in "[{\\[\", :a0]{0,9}", after in "[}\\]\", :a0]{0,9}") {
            let body = format!("{before}hunter2{after}");
            if let Err(problem) = read("application/json", body) {
                prop_assert!(!serde_json::to_string(&problem.body).unwrap().contains("hunter2"));
            }
        }
    }
}
