//! A browser sends the refresh cookie with every request, because its prefix `__Host-` requires `Path=/`. It changes
//! the result of the calls that read it, and of no other call.

use auth::{
    ModeInfo, Role, Transport,
    testing::{Driver, PASSWORD},
};
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    EVERYTHING,
    document::{Document, Operation, body_of},
};
use crate::client::{Client, Kind, Site};

/// The calls that may read the refresh cookie. For each, the CSRF check applies even if there is an `Authorization`
/// header.
const READERS: [&str; 7] = [
    "POST /api/{mode}/login",
    "POST /api/{mode}/logout",
    "POST /api/{mode}/rotate",
    "POST /api/{mode}/rotate/trial",
    "POST /api/{mode}/rotate/replay",
    "POST /api/{mode}/credentials/end-others",
    "POST /api/account/password",
];

pub fn reads_refresh_cookie(operation: &Operation) -> bool {
    READERS.contains(&operation.name().as_str())
}

/// The `Authorization` header of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Authorization {
    AccessToken,
    Absent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RefreshCookie {
    Absent,
    Genuine,
    Unreadable,
}

/// Status, `X-Revocation` and the structure of the body. `Set-Cookie` is left out: logging out everywhere clears the
/// refresh cookie of the same user, whether the request has it or not.
type Summary = (StatusCode, String, Value);

/// Sends the request as a program, without `Origin`: a call that reads the cookie must refuse it.
async fn summary(mode: &ModeInfo, name: &str, authorization: Authorization, refresh_cookie: RefreshCookie) -> Summary {
    let site = Site::with_settings(Driver::Sqlite, &EVERYTHING).await;
    site.world.auth.register_as("root", PASSWORD, Role::Admin).await.unwrap();
    let document = Document::of(&site).await;
    let operation = document.operations().into_iter().find(|operation| operation.name() == name).unwrap();
    let mut client = site.client(Kind::Program);
    let root = json!({"username": "root", "password": PASSWORD});
    client.post(&format!("/api/{}/login", mode.id), root).await;
    let id = client.get(&format!("/api/{}/credentials", mode.id)).await.json()[0]["id"].as_str().unwrap().to_owned();
    let mut body: Value = serde_json::from_str(&body_of(&document, &operation, &client)).unwrap();
    // Name the mode. Otherwise it would be the mode that recognises the caller, and a refresh cookie recognises no
    // caller.
    body["mode"] = mode.id.0.into();
    carry(&mut client, mode, refresh_cookie);
    if authorization == Authorization::Absent {
        client.access = None;
    }
    let answer =
        client.send(operation.request(&operation.path(mode, &id), Some("application/json"), body.to_string())).await;
    let body = serde_json::from_str(&answer.body).unwrap_or_default();
    (answer.status, answer.header("x-revocation").to_owned(), form_of(&body))
}

fn carry(client: &mut Client, mode: &ModeInfo, refresh_cookie: RefreshCookie) {
    let value = match refresh_cookie {
        RefreshCookie::Absent => return,
        RefreshCookie::Genuine => client.refresh.clone().unwrap(),
        RefreshCookie::Unreadable => "unreadable".to_owned(),
    };
    client.cookies.insert(mode.cookie.unwrap().to_owned(), value);
}

/// The structure of a body: texts, which differ in each test world, are replaced.
fn form_of(body: &Value) -> Value {
    match body {
        Value::String(_) => "a text".into(),
        Value::Array(items) => items.iter().map(form_of).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), form_of(value))).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn a_refresh_cookie_changes_the_outcome_of_its_readers_and_of_no_other_call() {
    let site = Site::with_settings(Driver::Sqlite, &EVERYTHING).await;
    let operations = Document::of(&site).await.operations();
    for mode in site.modes().into_iter().filter(|mode| mode.transport == Transport::Bearer && mode.cookie.is_some()) {
        for operation in &operations {
            let name = operation.name();
            for authorization in [Authorization::AccessToken, Authorization::Absent] {
                let without = summary(mode, &name, authorization, RefreshCookie::Absent).await;
                for refresh_cookie in [RefreshCookie::Genuine, RefreshCookie::Unreadable] {
                    let with = summary(mode, &name, authorization, refresh_cookie).await;
                    let is_same = with == without;
                    assert_eq!(
                        is_same,
                        !reads_refresh_cookie(operation),
                        "{name}, {authorization:?}, {refresh_cookie:?}: {with:?}"
                    );
                }
            }
        }
    }
}
