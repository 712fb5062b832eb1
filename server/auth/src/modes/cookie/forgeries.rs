//! Forged cookies. Black-box tests: each one replaces the genuine cookie, and only the result of `Auth` counts.

use cookie::{CookieJar, Key};
use serde_json::{Value, json};

use super::{ABSOLUTE, COOKIE, IDLE, INFO, seal::PURPOSE};
use crate::{
    error::{AuthError, Refusal},
    testing::{Driver, PASSWORD, START, World, request},
    users::Role,
};

struct Scene {
    world: World,
    /// The genuine cookie.
    cookie: String,
    payload: Value,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new(Driver::Sqlite).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let issued = world.auth.login(INFO.id.0, "alice", PASSWORD, &request(&[])).await.unwrap();
        let cookie = issued.set_cookies[0].0.value().to_owned();
        let payload = json!({
            "id": "0198c5f2-0000-7000-8000-000000000000", "user_id": alice, "username": "alice", "role": "user", "epoch": 0,
            "cookie_epoch": 0, "issued_at": START, "sealed_at": START, "expires_at": START.plus(IDLE), "absolute_expires_at": START.plus(ABSOLUTE), "generation": 1,
        });
        Self { world, cookie, payload }
    }

    /// Seals any text as the server does, to test payloads that only the server could seal.
    async fn sealed_by(&self, purpose: &'static str, name: &'static str, text: &str) -> String {
        let ring = self.world.auth.base.keys.ring(START).await.unwrap();
        let kid = &ring.current(START).unwrap().kid;
        let key = Key::from(ring.derive::<64>(purpose, kid).unwrap().as_slice());
        let mut jar = CookieJar::new();
        jar.private_mut(&key).add((name, text.to_owned()));
        format!("{}.{}", kid.as_str(), jar.get(name).unwrap().value())
    }

    async fn sealed(&self, text: &str) -> String {
        self.sealed_by(PURPOSE, COOKIE, text).await
    }

    /// `None`: accepted.
    async fn present(&self, text: &str) -> Option<Refusal> {
        let req = request(&[("cookie", &format!("{COOKIE}={text}"))]);
        match self.world.auth.identify(INFO.id.0, &req).await {
            Ok(Some(_)) => None,
            Err(AuthError::Refused(refusal)) => Some(refusal),
            other => panic!("{other:?}"),
        }
    }
}

/// Control test: without it, a refusal below could be caused by a mistake of the test.
#[tokio::test]
async fn the_genuine_cookie_is_accepted() {
    let scene = Scene::new().await;
    assert_eq!(scene.present(&scene.sealed(&scene.payload.to_string()).await).await, None);
}

#[tokio::test]
async fn the_seal_of_another_cookie_or_purpose_is_refused() {
    let scene = Scene::new().await;
    let payload = scene.payload.to_string();
    for (purpose, name) in [(PURPOSE, "__Host-other"), (PURPOSE, "auth"), ("another purpose", COOKIE), ("", COOKIE)] {
        let text = scene.sealed_by(purpose, name, &payload).await;
        assert_eq!(scene.present(&text).await, Some(Refusal::Malformed), "{purpose} {name}");
    }
}

#[tokio::test]
async fn a_kid_outside_the_ring_is_unknown() {
    let scene = Scene::new().await;
    let (kid, seal) = scene.cookie.split_once('.').unwrap();
    for other in [String::new(), format!("0{kid}"), "../../dev/null".into(), "'or 1=1--".into(), kid.repeat(99)] {
        assert_eq!(scene.present(&format!("{other}.{seal}")).await, Some(Refusal::Unknown), "{other}");
    }
}

#[tokio::test]
async fn a_seal_with_one_character_changed_is_refused() {
    let scene = Scene::new().await;
    let start = scene.cookie.find('.').unwrap() + 1;
    for at in start..scene.cookie.len() {
        for wrong in ["A", "B", "/", "=", ".", "%"].into_iter().filter(|wrong| scene.cookie[at..=at] != **wrong) {
            let text = [&scene.cookie[..at], wrong, &scene.cookie[at + 1..]].concat();
            assert_eq!(scene.present(&text).await, Some(Refusal::Malformed), "{wrong} at {at}");
        }
    }
}

#[tokio::test]
async fn a_sealed_payload_of_another_form_is_refused() {
    let scene = Scene::new().await;
    let wrong = [json!(null), json!(1.5), json!("1"), json!(true), json!([1]), json!({}), json!(u64::MAX)];
    for name in scene.payload.as_object().unwrap().keys() {
        for value in wrong.iter().filter(|value| !(value.is_string() && scene.payload[name].is_string())) {
            let mut payload = scene.payload.clone();
            payload[name] = value.clone();
            let shown = scene.present(&scene.sealed(&payload.to_string()).await).await;
            assert_eq!(shown, Some(Refusal::Malformed), "{name}: {value}");
        }
    }
    let whole = scene.payload.to_string();
    let root = whole.replace("\"user\"", "\"root\"");
    let twice = whole.replacen('{', "{\"epoch\":0,", 1);
    for text in ["", "null", "[]", "{}", &whole[1..], &(whole.clone() + "x"), &root, &twice] {
        assert_eq!(scene.present(&scene.sealed(text).await).await, Some(Refusal::Malformed), "{text}");
    }
}

#[tokio::test]
async fn a_sealed_role_grants_no_more_than_the_account_has() {
    let scene = Scene::new().await;
    let mut payload = scene.payload.clone();
    payload["role"] = json!("admin");
    let req = request(&[("cookie", &format!("{COOKIE}={}", scene.sealed(&payload.to_string()).await))]);
    let caller = scene.world.auth.identify(INFO.id.0, &req).await.unwrap().unwrap();
    assert_eq!(caller.role, Role::User);
}
