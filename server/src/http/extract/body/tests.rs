//! Bodies of legitimate and hostile clients, and the fields that are parsed from them.

use axum::response::IntoResponse as _;
use proptest::{collection::vec, prelude::*, sample::select};
use tokio::runtime::{Builder, Runtime};

use super::*;

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=X";

fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

fn read(media_type: &str, body: impl Into<Body>) -> Result<Fields, Problem> {
    let request: Request = http::Request::post("/").header(header::CONTENT_TYPE, media_type).body(body.into()).unwrap();
    let (parts, body) = request.into_parts();
    runtime().block_on(Fields::read(&parts, body, &()))
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
fn invalid_json_is_a_parse_error() {
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
    for (number, text) in [("0", "0"), ("-1", "-1"), ("18446744073709551615", "18446744073709551615"), ("1e2", "100.0")]
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
        // Blanks alone count as an empty field, as in Django REST framework.
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
