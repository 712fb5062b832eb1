//! mode: jwt
//! Invalid requests, which are refused before the token or the password is checked.

use auth::on_both_databases;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{
    BLACKLIST, Case, Content, FORMS, LOGOUT, ME, OBTAIN, REFRESH, Reply, SLIDE, SLIDING, VERIFY, bad_request,
    credentials, ok, post, refused, site, sliding_site, text, unauthorized,
};

/// Invalid values of a field, as JSON, with the message for each.
const VALUES: [(Option<&str>, &str); 7] = [
    (None, "This field is required."),
    (Some(r#""""#), "This field may not be blank."),
    (Some(r#"" \t ""#), "This field may not be blank."),
    (Some("null"), "This field may not be null."),
    (Some("true"), "Not a valid string."),
    (Some("[]"), "Not a valid string."),
    (Some("{}"), "Not a valid string."),
];

/// JSON that is not an object, and the name of its type in Python.
const NO_OBJECTS: [(&str, &str); 7] = [
    ("[]", "Invalid data. Expected a dictionary, but got list."),
    (r#"["refresh"]"#, "Invalid data. Expected a dictionary, but got list."),
    (r#""refresh""#, "Invalid data. Expected a dictionary, but got str."),
    ("5", "Invalid data. Expected a dictionary, but got int."),
    ("1.5", "Invalid data. Expected a dictionary, but got float."),
    ("true", "Invalid data. Expected a dictionary, but got bool."),
    ("null", "No data provided"),
];

const MALFORMED: [&str; 5] = [r#"{"refresh": "#, "{'refresh': 'a'}", "refresh=a", "{} {}", "NaN"];

/// The message repeats the whole header unchanged.
const OTHER_TYPES: [&str; 4] = ["text/plain", "Text/Plain", "text/plain; charset=utf-8", "application/xml"];

const OTHER_METHODS: [(&str, &[&str]); 3] = [
    ("POST", &["GET", "PUT", "PATCH", "DELETE"]),
    ("GET,HEAD", &["POST", "PUT", "PATCH", "DELETE"]),
    ("POST", &["GET", "PUT", "PATCH", "DELETE"]),
];

/// Values of `Authorization` that must not change the answer of a path without authentication.
const IGNORED: [&str; 5] = ["Bearer garbage", "Bearer", "Bearer a b", "Basic YTpi", "\u{e9}"];

fn filled(names: &[&str], value: Option<&str>) -> Value {
    let value: Option<Value> = value.map(|value| serde_json::from_str(value).unwrap());
    value.map_or(json!({}), |value| {
        names.iter().map(|name| ((*name).to_owned(), value.clone())).collect::<Map<_, _>>().into()
    })
}

fn every_field(names: &[&str], message: &str) -> Value {
    names.iter().map(|name| ((*name).to_owned(), json!([message]))).collect::<Map<_, _>>().into()
}

on_both_databases! {
    async fn every_field_that_is_wrong_is_named(driver: Driver) {
        let site = sliding_site(driver).await;
        for (path, names) in FORMS {
            for (value, message) in VALUES {
                let fields = filled(names, value);
                Case::post(path, Content::Fields(&fields)).expect(&site, &bad_request(every_field(names, message))).await;
            }
            Case::post(path, Content::Nothing).expect(&site, &bad_request(every_field(names, VALUES[0].1))).await;
        }
    }

    async fn only_the_fields_that_are_wrong_are_named(driver: Driver) {
        let site = sliding_site(driver).await;
        for path in [OBTAIN, SLIDING] {
            for (fields, wrong) in [
                (json!({"username": "alice"}), json!({"password": ["This field is required."]})),
                (json!({"username": "alice", "password": ""}), json!({"password": ["This field may not be blank."]})),
                (json!({"username": null, "password": "x"}), json!({"username": ["This field may not be null."]})),
                (
                    json!({"username": true}),
                    json!({"username": ["Not a valid string."], "password": ["This field is required."]}),
                ),
            ] {
                Case::post(path, Content::Fields(&fields)).expect(&site, &bad_request(wrong)).await;
            }
        }
    }

    async fn a_number_counts_as_its_text(driver: Driver) {
        let site = sliding_site(driver).await;
        site.world.sign_up("1234").await.unwrap();
        let fields = json!({"username": 1234, "password": auth::testing::PASSWORD});
        let pair = json!({"access": "a token", "refresh": "a token"});
        Case::post(OBTAIN, Content::Fields(&fields)).expect(&site, &ok(pair)).await;
        let invalid = refused(json!({"detail": "Token is invalid", "code": "token_not_valid"}));
        for (path, field) in [(REFRESH, "refresh"), (VERIFY, "token"), (BLACKLIST, "refresh"), (SLIDE, "token")] {
            for number in [json!(5), json!(-1.5)] {
                Case::post(path, Content::Fields(&json!({field: number}))).expect(&site, &invalid).await;
            }
        }
    }

    async fn json_that_is_no_object_is_named_as_python_does(driver: Driver) {
        let site = sliding_site(driver).await;
        for (path, _) in FORMS {
            for (body, message) in NO_OBJECTS {
                let expected = bad_request(json!({"non_field_errors": [message]}));
                Case::post(path, Content::Raw("application/json", body)).expect(&site, &expected).await;
            }
        }
    }

    async fn malformed_json_is_a_parse_error(driver: Driver) {
        let site = sliding_site(driver).await;
        let expected = bad_request(json!({"detail": "JSON parse error - …"}));
        for (path, _) in FORMS {
            for body in MALFORMED {
                Case::post(path, Content::Raw("application/json", body)).expect(&site, &expected).await;
            }
        }
    }

    async fn another_media_type_is_415(driver: Driver) {
        let site = sliding_site(driver).await;
        for (path, _) in FORMS {
            for kind in OTHER_TYPES {
                let detail = format!("Unsupported media type \"{kind}\" in request.");
                let expected = Reply { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, ..ok(json!({"detail": detail})) };
                Case::post(path, Content::Raw(kind, "a")).expect(&site, &expected).await;
            }
        }
    }

    async fn another_method_is_405_and_told_which_one_is_meant(driver: Driver) {
        let site = sliding_site(driver).await;
        let paths = [&FORMS.map(|(path, _)| path)[..], &[ME], &[LOGOUT]];
        for ((allow, methods), paths) in OTHER_METHODS.into_iter().zip(paths) {
            for (path, method) in paths.iter().flat_map(|path| methods.iter().map(move |method| (path, method))) {
                let body = json!({"detail": format!("Method \"{method}\" not allowed.")});
                let status = StatusCode::METHOD_NOT_ALLOWED;
                let expected = Reply { status, allow: allow.to_owned(), ..ok(body) };
                Case { method, ..Case::get(path) }.expect(&site, &expected).await;
            }
        }
    }

    async fn an_authorization_header_is_ignored_where_no_credential_is_taken(driver: Driver) {
        let site = sliding_site(driver).await;
        let pair = json!({"access": "a token", "refresh": "a token"});
        for header in IGNORED {
            for (path, names) in FORMS {
                let expected = bad_request(every_field(names, "This field is required."));
                Case::post(path, Content::Fields(&json!({}))).with(Some(header)).expect(&site, &expected).await;
            }
        }
        let fields = credentials("alice");
        Case::post(OBTAIN, Content::Fields(&fields)).with(Some(IGNORED[0])).expect(&site, &ok(pair)).await;
    }

    async fn right_credentials_get_their_tokens(driver: Driver) {
        let site = sliding_site(driver).await;
        let fields = credentials("alice");
        let pair = json!({"access": "a token", "refresh": "a token"});
        Case::post(OBTAIN, Content::Fields(&fields)).expect(&site, &ok(pair)).await;
        Case::post(SLIDING, Content::Fields(&fields)).expect(&site, &ok(json!({"token": "a token"}))).await;
        // Blanks around the name are removed, as Django does; those of a password are kept.
        let spaced = json!({"username": " alice\n", "password": auth::testing::PASSWORD});
        assert!(!text(&post(&site, OBTAIN, spaced).await, "access").is_empty());
    }

    async fn a_wrong_password_an_unknown_user_and_a_disabled_one_get_the_same_answer(driver: Driver) {
        let site = sliding_site(driver).await;
        let dora = site.world.sign_up("dora").await.unwrap();
        site.world.auth.disable(&dora).await.unwrap();
        let expected = unauthorized(json!({"detail": "No active account found with the given credentials"}));
        let wrong = json!({"username": "alice", "password": "wrong"});
        for fields in [wrong, credentials("nobody"), credentials("dora")] {
            for path in [OBTAIN, SLIDING] {
                Case::post(path, Content::Fields(&fields)).expect(&site, &expected).await;
            }
        }
    }

    async fn sliding_tokens_are_not_there_unless_they_are_configured(driver: Driver) {
        let site = site(driver).await;
        let expected = Reply { status: StatusCode::NOT_FOUND, ..ok(json!({"detail": "Not found."})) };
        for path in [SLIDING, SLIDE] {
            for body in [Content::Fields(&credentials("alice")), Content::Nothing, Content::Raw("application/json", "{")] {
                Case::post(path, body).expect(&site, &expected).await;
            }
        }
    }
}
