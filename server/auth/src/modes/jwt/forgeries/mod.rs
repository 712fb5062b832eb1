//! Forged tokens, grouped by attack (RFC 8725). Black-box tests: each forgery replaces the genuine token that it
//! derives from, as an access token in the header and as a refresh token in the body, and only the result of `Auth`
//! counts. The endpoints that accept a token of any type are tested as well.
//!
//! Many forgeries have a genuine signature, which no attacker can create. They show that the server refuses every form
//! that it never issues, even when the signature is valid.

use std::sync::Arc;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use http::{HeaderValue, request::Parts};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

use super::{INFO, simplejwt};
use crate::{
    AuthError, BodyCredential, Delivery, ExpectedToken, Refusal, SecretString,
    db::db_fetch_all,
    keys::{Kid, NewKey, Ring, SigningAlgorithm},
    on_both_databases,
    testing::{APP_SECRET, Driver, PASSWORD, START, World, request},
};

/// `a_sentence(genuine) is Refusal { forgeries }` makes the test `a_sentence::is_refused` and an entry in `ALL`.
macro_rules! forgeries {
    ($($(#[$meta:meta])* $name:ident($genuine:ident) is $refusal:ident $forged:block)*) => {
        pub(super) const ALL: &[(Forge, Refusal)] = &[$(($name::forge, Refusal::$refusal)),*];
        $($(#[$meta])* mod $name {
            use super::*;

            pub(super) fn forge($genuine: &Genuine) -> Vec<String> {
                Vec::from_iter($forged)
            }

            #[tokio::test]
            async fn is_refused() {
                Scene::new(Driver::Sqlite).await.present(forge, Refusal::$refusal).await;
            }
        })*
    };
}

mod claims;
mod header;
mod keys;
mod text;

type Forge = fn(&Genuine) -> Vec<String>;

fn all() -> impl Iterator<Item = (Forge, Refusal)> {
    [keys::ALL, header::ALL, claims::ALL, text::ALL].concat().into_iter()
}

/// A genuine token, split into its parts.
struct Genuine {
    header: Value,
    claims: Value,
    text: String,
    /// The same user's token of the other type.
    other: String,
    ring: Arc<Ring>,
}

impl Genuine {
    fn new(text: &str, other: &str, ring: &Arc<Ring>) -> Self {
        let json = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        let [header, claims, _] = parts(text);
        let (text, other) = (text.to_owned(), other.to_owned());
        Self { header: json(header), claims: json(claims), text, other, ring: Arc::clone(ring) }
    }

    fn kid(&self) -> &str {
        self.header["kid"].as_str().unwrap()
    }

    /// The signing input: the text without its signature.
    fn message(&self) -> &str {
        self.text.rsplit_once('.').unwrap().0
    }

    fn signature(&self) -> &str {
        parts(&self.text)[2]
    }

    fn header_with(&self, name: &str, value: impl Into<Value>) -> String {
        with(&self.header, name, value.into())
    }

    fn claims_with(&self, name: &str, value: impl Into<Value>) -> String {
        with(&self.claims, name, value.into())
    }

    fn header_without(&self, name: &str) -> String {
        without(&self.header, name)
    }

    /// A key that the server derives for another purpose, under the `kid` of this token.
    fn key_for(&self, purpose: &'static str) -> Vec<u8> {
        self.ring.derive::<32>(purpose, &Kid::new(self.kid().to_owned())).unwrap().to_vec()
    }

    /// The genuine key, to test tokens that only the server could sign.
    fn key(&self) -> Vec<u8> {
        self.key_for("jwt HS256")
    }

    /// This signing input with a genuine signature.
    fn sign(&self, message: &str) -> String {
        sign(&self.key(), message)
    }

    fn signed(&self, header: &str, claims: &str) -> String {
        self.sign(&message(header, claims))
    }

    /// The genuine claims with this header and a genuine signature.
    fn with_header(&self, header: &str) -> String {
        self.signed(header, &self.claims.to_string())
    }

    /// These claims with the genuine header and a genuine signature.
    fn with_claims(&self, claims: &str) -> String {
        self.signed(&self.header.to_string(), claims)
    }

    /// The genuine claims with this header, signed by another key.
    fn with_header_signed_by(&self, key: &[u8], header: &str) -> String {
        sign(key, &message(header, &self.claims.to_string()))
    }

    /// One claim replaced by each of these values, with a genuine signature.
    fn each(&self, name: &str, values: impl IntoIterator<Item = Value>) -> Vec<String> {
        values.into_iter().map(|value| self.with_claims(&self.claims_with(name, value))).collect()
    }

    /// One claim replaced by each of these texts, which need not be JSON, and omitted.
    fn each_text_and_none(&self, name: &str, values: &[&str]) -> Vec<String> {
        let rest = without(&self.claims, name);
        let replaced = values.iter().map(|value| rest.replacen('{', &format!("{{\"{name}\":{value},"), 1));
        replaced.chain([rest.clone()]).map(|claims| self.with_claims(&claims)).collect()
    }
}

fn parts(text: &str) -> [&str; 3] {
    text.split('.').collect::<Vec<_>>().try_into().unwrap()
}

fn with(object: &Value, name: &str, value: Value) -> String {
    let mut object = object.clone();
    object[name] = value;
    object.to_string()
}

fn without(object: &Value, name: &str) -> String {
    let mut object = object.clone();
    object.as_object_mut().unwrap().remove(name).unwrap();
    object.to_string()
}

fn encode(json: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(json)
}

fn message(header: &str, claims: &str) -> String {
    format!("{}.{}", encode(header), encode(claims))
}

fn sign(key: &[u8], message: &str) -> String {
    format!("{message}.{}", hmac(Algorithm::HS256, key, message))
}

fn hmac(algorithm: Algorithm, key: &[u8], message: &str) -> String {
    crypto::sign(message.as_bytes(), &EncodingKey::from_secret(key), algorithm).unwrap()
}

/// A world in which alice is signed in.
struct Scene {
    world: World,
    access: Genuine,
    refresh: Genuine,
}

impl Scene {
    async fn new(driver: Driver) -> Self {
        Self::signed_by(SigningAlgorithm::Hs256, driver).await
    }

    async fn signed_by(algorithm: SigningAlgorithm, driver: Driver) -> Self {
        let world = World::new(driver).await.unwrap();
        world.auth.rotate_keys(NewKey { kid: None, algorithm, active_from: START }).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let issued = world.auth.login(INFO.id.0, "alice", PASSWORD, &request(&[])).await.unwrap();
        let Delivery::Pair { access, refresh: Some(refresh), .. } = issued.delivery else { panic!("no pair") };
        let ring = world.auth.base.keys.ring(START).await.unwrap();
        let (access, refresh) = (access.expose(), refresh.expose());
        Self { access: Genuine::new(access, refresh, &ring), refresh: Genuine::new(refresh, access, &ring), world }
    }

    /// Presents it as an access token. `None`: accepted.
    async fn present_access(&self, text: &str) -> Option<Refusal> {
        // A text that is not a header value cannot reach a mode.
        let Ok(value) = HeaderValue::from_bytes(format!("Bearer {text}").as_bytes()) else {
            return Some(Refusal::Malformed);
        };
        let mut req = request(&[]);
        req.headers.insert("authorization", value);
        refusal(self.world.auth.identify(INFO.id.0, &req).await.map(drop))
    }

    /// Presents it as a refresh token. `None`: accepted.
    async fn present_refresh(&self, text: &str) -> Option<Refusal> {
        let mut req: Parts = request(&[]);
        req.extensions.insert(BodyCredential(SecretString::new(text.to_owned())));
        refusal(self.world.auth.rotate(INFO.id.0, &req).await.map(drop))
    }

    /// Presents it to the endpoints that accept a token of any type.
    async fn present_elsewhere(&self, text: &str, refused_for: Refusal) -> Option<Refusal> {
        let (auth, req) = (&self.world.auth, request(&[]));
        for expected in [ExpectedToken::Access, ExpectedToken::Refresh] {
            let found = auth.introspect(text, expected, &req).await.unwrap();
            assert!(found.is_none(), "is active: {text:.300}");
        }
        // A token with a genuine signature ends its sign-in, whatever its dates. No attacker can create one.
        if !matches!(refused_for, Refusal::Expired | Refusal::NotYetValid) {
            auth.revoke_token(text, &req).await.unwrap();
        }
        refusal(simplejwt::verify(auth, text, &req).await)
    }

    /// Presents each forgery of either token.
    async fn present(&self, forge: Forge, expected: Refusal) {
        for text in forge(&self.access) {
            assert_eq!(self.present_access(&text).await, Some(expected), "access token {text:.300}");
        }
        for text in forge(&self.refresh) {
            assert_eq!(self.present_refresh(&text).await, Some(expected), "refresh token {text:.300}");
        }
        // A token of the wrong type for this endpoint may be of the right type for another one.
        if expected != Refusal::WrongType {
            for text in [forge(&self.access), forge(&self.refresh)].concat() {
                assert_eq!(self.present_elsewhere(&text, expected).await, Some(expected), "{text:.300}");
            }
        }
    }
}

fn refusal(outcome: Result<(), AuthError>) -> Option<Refusal> {
    match outcome {
        Ok(()) => None,
        Err(AuthError::Refused(refusal)) => Some(refusal),
        Err(error) => panic!("{error:?}"),
    }
}

/// Control test: without it, a refusal below could be caused by a mistake of the test.
#[tokio::test]
async fn the_genuine_tokens_are_accepted() {
    let scene = Scene::new(Driver::Sqlite).await;
    for genuine in [&scene.access, &scene.refresh] {
        assert_eq!(genuine.with_claims(&genuine.claims.to_string()).len(), genuine.text.len());
    }
    assert_eq!(scene.present_access(&scene.access.with_claims(&scene.access.claims.to_string())).await, None);
    assert_eq!(scene.present_refresh(&scene.refresh.with_claims(&scene.refresh.claims.to_string())).await, None);
}

on_both_databases! {
    async fn no_forgery_touches_a_sign_in(driver: Driver) {
        let scene = Scene::new(driver).await;
        let before = rows(&scene.world).await.unwrap();
        for (forge, expected) in all() {
            scene.present(forge, expected).await;
        }
        assert_eq!(rows(&scene.world).await.unwrap(), before);
        assert_eq!(scene.present_refresh(&scene.refresh.text).await, None, "the genuine token no longer works");
        assert_ne!(rows(&scene.world).await.unwrap(), before, "a rotation does not change these rows");
    }
}

const ROWS: &str = "select s.id, s.last_seen_at, s.idle_expires_at, s.ended_at, r.jti, r.generation
    from sign_ins s join refresh_tokens r on r.sign_in_id = s.id order by s.id";

type Row = (String, i64, i64, Option<i64>, String, i64);

async fn rows(world: &World) -> Result<Vec<Row>, AuthError> {
    Ok(db_fetch_all!(world.auth.db(), ROWS))
}
