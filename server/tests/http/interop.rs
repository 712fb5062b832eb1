//! mode: jwt
//! Comparison with djangorestframework-simplejwt and PyJWT, in Python. Run it by hand: see
//! `server/tests/interop/README.md`.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use auth::{
    Auth, Clock, NewKey, Seconds, SigningAlgorithm,
    jwt::published,
    testing::{Driver, PASSWORD, START},
};
use axum::{Json, Router, extract::State, routing::get};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    client::Site,
    simplejwt::{SLIDING_TOO, UNLIMITED, pair, sliding},
};

/// Runs a Python script with `input` on its standard input.
async fn python(script: &'static str, input: Value) {
    let status = tokio::task::spawn_blocking(move || {
        let python = std::env::var("INTEROP_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let mut child = Command::new(python)
            .arg(format!("{}/tests/interop/{script}", env!("CARGO_MANIFEST_DIR")))
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
        child.wait().unwrap()
    });
    assert!(status.await.unwrap().success(), "{script}");
}

/// Serves the site on a socket and returns its address. Python uses the clock of the machine, so the site's clock must
/// agree with it.
#[expect(clippy::disallowed_methods, reason = "a stand-in for a tutorial's server, and no part of our API")]
async fn serve(site: &Site) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let keys = Router::new().route("/keys.json", get(keys)).with_state(site.world.auth.clone());
    let router = keys.fallback_service(site.router.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn keys(State(auth): State<Auth>) -> Json<Value> {
    Json(json!({"keys": published::jwks(&auth).await.unwrap()}))
}

/// A site whose clock is `before` behind the clock of the machine.
async fn site(before: Seconds, settings: &[(&str, &str)]) -> Site {
    let site = Site::with_settings(Driver::Sqlite, &[&UNLIMITED, settings].concat()).await;
    site.world.clock.advance(Seconds(Clock::System.now().since(START).0 - before.0));
    site
}

#[tokio::test]
#[ignore = "needs Python and its packages: see server/tests/interop/README.md"]
async fn simplejwt_answers_as_we_do() {
    let ago = Seconds::days(15);
    // SimpleJWT has no grace.
    let site = site(ago, &[("REFRESH_GRACE", "0"), SLIDING_TOO]).await;
    let (expired_access, expired_refresh) = pair(&site, "alice").await;
    let expired_sliding = sliding(&site).await;
    site.world.clock.advance(ago);
    let dora = site.world.sign_up("dora").await.unwrap();
    let gina = site.world.sign_up("gina").await.unwrap();
    let ((dora_access, dora_refresh), (gina_access, _)) = (pair(&site, "dora").await, pair(&site, "gina").await);
    site.world.auth.disable(&dora).await.unwrap();
    site.world.delete_user(&gina).await.unwrap();
    let input = json!({
        "url": serve(&site).await,
        "password": PASSWORD,
        "tokens": {
            "expired access": expired_access,
            "expired refresh": expired_refresh,
            "expired sliding": expired_sliding,
            "access of a disabled user": dora_access,
            "refresh of a disabled user": dora_refresh,
            "access of a deleted user": gina_access,
        },
    });
    python("compare.py", input).await;
}

#[tokio::test]
#[ignore = "needs Python and its packages: see server/tests/interop/README.md"]
async fn another_service_accepts_our_access_tokens() {
    for algorithm in SigningAlgorithm::ALL.into_iter().filter(|algorithm| *algorithm != SigningAlgorithm::Rs256) {
        let site = site(Seconds(0), &[("ACCESS_TOKEN_LIFETIME", "600")]).await;
        let now = site.world.auth.now();
        let key = site.world.auth.rotate_keys(NewKey { kid: None, algorithm, active_from: now }).await.unwrap();
        let mut input = json!({"algorithm": algorithm.as_str(), "token": pair(&site, "alice").await.0});
        if published::jwks(&site.world.auth).await.unwrap().is_empty() {
            input["key"] = published::export_key(&site.world.auth, key.kid.as_str()).await.unwrap();
        } else {
            input["jwks_url"] = format!("{}/keys.json", serve(&site).await).into();
        }
        python("accept.py", input).await;
    }
}
