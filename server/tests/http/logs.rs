//! The log at its most verbose level contains no secret.

use std::{
    io,
    sync::{Arc, Mutex},
};

use auth::testing::{Driver, PASSWORD};
use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::json;
use tracing::level_filters::LevelFilter;

use crate::client::{Client, Kind, Site};

const KEY: &str = "a-key-of-an-idempotent-request";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The secrets of this client, none of which may be in the log.
fn secrets(client: &Client) -> impl Iterator<Item = String> + use<'_> {
    let cookies = client.cookies.iter().filter(|(name, _)| *name != "__Host-last-mode").map(|(_, value)| value);
    cookies.chain(&client.access).chain(&client.refresh).cloned()
}

#[tokio::test]
async fn neither_a_credential_nor_a_password_nor_an_idempotency_key_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_ansi(false);
    let _guard = tracing::subscriber::set_default(subscriber.with_writer(move || writer.clone()).finish());
    // tracing caches whether any subscriber wants an event. With only one subscriber, it asks that of the first thread,
    // which may belong to another test and have none; so register a second one.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let site = Site::new(Driver::Sqlite).await;
    let mut never = vec![PASSWORD.to_owned(), KEY.to_owned()];
    for mode in site.modes() {
        for kind in [Kind::OwnPage, Kind::Program] {
            let mut client = site.signed_in(kind, mode).await;
            never.extend(secrets(&client));
            client.kind = Kind::OwnPage;
            client.me(mode).await;
            let rotate = Request::post(format!("/api/{}/rotate", mode.id)).header("idempotency-key", KEY);
            let rotate = rotate.header("content-type", "application/json");
            let body = json!({"refresh": client.refresh}).to_string();
            assert_eq!(client.send(rotate.body(Body::from(body)).unwrap()).await.status, StatusCode::OK, "{}", mode.id);
            never.extend(secrets(&client));
            client.get(&format!("/account/{}", mode.id)).await;
            client.kind = Kind::OtherSite;
            client.post(&format!("/api/{}/logout", mode.id), json!({})).await;
        }
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    // Only a credential that a browser adds by itself can fail the check.
    let checked = site.modes().into_iter().any(|mode| mode.cookie.is_some());
    assert!(log.contains("request{") && log.contains("csrf_failed") == checked, "nothing was logged: {log:.2000}");
    for secret in never {
        assert!(!log.contains(&secret), "{secret}");
    }
}
