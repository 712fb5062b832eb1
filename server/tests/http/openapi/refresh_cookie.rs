//! A refresh cookie travels with every request, because its prefix `__Host-` demands `Path=/`. It changes the outcome of those calls
//! that read it, and of no other.

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

/// The calls that may read it. Each is checked against CSRF, whatever `Authorization` says.
const READERS: [&str; 6] = [
    "POST /api/{mode}/login",
    "POST /api/{mode}/logout",
    "POST /api/{mode}/rotate",
    "POST /api/{mode}/rotate/trial",
    "POST /api/{mode}/credentials/end-others",
    "POST /api/account/password",
];

pub fn reads_refresh_cookie(operation: &Operation) -> bool {
    READERS.contains(&operation.name().as_str())
}

/// What a request shows beside its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Token,
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RefreshCookie {
    Absent,
    Genuine,
    Unreadable,
}

/// Status, what `X-Revocation` says, and the form of the body. `Set-Cookie` is not among it: to log out everywhere makes the browser
/// forget the cookie of the same user.
type Outcome = (StatusCode, String, Value);

/// A program, because it says nothing of where a request comes from: what reads the cookie has to refuse it.
async fn outcome(mode: &ModeInfo, name: &str, shown: Shown, refresh_cookie: RefreshCookie) -> Outcome {
    let site = Site::with_settings(Driver::Sqlite, &EVERYTHING).await;
    site.world.auth.register_as("root", PASSWORD, Role::Admin).await.unwrap();
    let document = Document::of(&site).await;
    let operation = document.operations().into_iter().find(|operation| operation.name() == name).unwrap();
    let mut client = site.client(Kind::Program);
    let root = json!({"username": "root", "password": PASSWORD});
    client.post(&format!("/api/{}/login", mode.id), root).await;
    let id = client.get(&format!("/api/{}/credentials", mode.id)).await.json()[0]["id"].as_str().unwrap().to_owned();
    let mut body: Value = serde_json::from_str(&body_of(&document, &operation, &client)).unwrap();
    // Without a name, the mode is the one that recognises the caller, and no cookie of this mode does.
    body["mode"] = mode.id.0.into();
    carry(&mut client, mode, refresh_cookie);
    if shown == Shown::Nothing {
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

/// The same, without the texts that are different in each world.
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
            for shown in [Shown::Token, Shown::Nothing] {
                let without = outcome(mode, &name, shown, RefreshCookie::Absent).await;
                for refresh_cookie in [RefreshCookie::Genuine, RefreshCookie::Unreadable] {
                    let with = outcome(mode, &name, shown, refresh_cookie).await;
                    let is_same = with == without;
                    assert_eq!(
                        is_same,
                        !reads_refresh_cookie(operation),
                        "{name}, {shown:?}, {refresh_cookie:?}: {with:?}"
                    );
                }
            }
        }
    }
}
