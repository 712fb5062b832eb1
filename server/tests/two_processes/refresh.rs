//! mode: jwt
//! Many clients refresh the same token at once, half of them at each process.

use std::{collections::HashSet, sync::Arc};

use auth::testing::{PASSWORD, postgres_schema_url};
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::process::{Answer, Server, call};

const AT_ONCE: usize = 64;

/// `REFRESH_ROUNDS=200 make unit` for the long run.
fn rounds() -> usize {
    std::env::var("REFRESH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(10)
}

async fn post(port: u16, path: &str, body: Value) -> (u16, Value) {
    let Answer { status, body, .. } = call(port, &format!("POST {path}"), &[], &body).await;
    (status, body)
}

/// All clients refresh the same token at once, half of them at each process. Returns the one successor that all of them
/// got.
async fn race(ports: [u16; 2], refresh: &str) -> String {
    let barrier = Arc::new(Barrier::new(AT_ONCE));
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|client| {
            let (barrier, refresh) = (Arc::clone(&barrier), refresh.to_owned());
            tokio::spawn(async move {
                barrier.wait().await;
                post(ports[client % 2], "/api/token/refresh/", json!({"refresh": refresh})).await
            })
        })
        .collect();
    let mut successors = HashSet::new();
    for task in tasks {
        let (status, body) = task.await.unwrap();
        assert_eq!(status, 200, "within the grace: {body}");
        successors.insert(body["refresh"].as_str().unwrap().to_owned());
    }
    assert_eq!(successors.len(), 1, "the clients got different successors");
    successors.into_iter().next().unwrap()
}

#[tokio::test]
async fn two_processes_agree_on_one_successor_however_many_refresh_at_once() {
    let database_url = postgres_schema_url().await.unwrap();
    let servers = [Server::start(&database_url, &[]), Server::start(&database_url, &[])];
    let ports = [servers[0].port, servers[1].port];
    let credentials = json!({"username": "alice", "password": PASSWORD});
    assert_eq!(post(ports[0], "/api/register", credentials.clone()).await.0, 201);
    let (_, pair) = post(ports[1], "/api/token/", credentials).await;
    let first = pair["refresh"].as_str().unwrap().to_owned();
    let mut refresh = first.clone();
    for _ in 0..rounds() {
        refresh = race(ports, &refresh).await;
    }
    // A replay at one process ends the sign-in at the other, too.
    let (status, body) = post(ports[0], "/api/token/refresh/", json!({"refresh": first})).await;
    assert_eq!((status, &body["reason"]), (401, &json!("refresh_token_reused")));
    let (status, body) = post(ports[1], "/api/token/refresh/", json!({"refresh": refresh})).await;
    assert_eq!((status, &body["reason"]), (401, &json!("revoked")));
}
