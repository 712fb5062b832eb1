//! Changed credentials and arbitrary headers from an attacker. No test names a mode.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use auth::{
    AuthError, BodyCredential, ModeId, SecretString, on_both_databases,
    testing::{World, request},
};
use http::{HeaderName, HeaderValue, request::Parts};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
    test_runner::{Config, TestRunner},
};
use tokio::{runtime::Handle, task};

/// Runs an async body for many inputs. The runner is not async: it blocks a thread of its own.
async fn for_each<S, F>(cases: u32, strategy: S, body: impl Fn(S::Value) -> F + Send + 'static)
where
    S: Strategy + Send + 'static,
    F: Future<Output = ()>,
{
    let runtime = Handle::current();
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let run = move || {
        let each = |value| {
            runtime.block_on(body(value));
            Ok(())
        };
        TestRunner::new(config).run(&strategy, each).unwrap();
    };
    task::spawn_blocking(run).await.unwrap();
}

/// The places of the credentials in a request, with the text in each.
fn carried(req: &Parts) -> Vec<(Place, String)> {
    let headers =
        req.headers.iter().map(|(name, value)| (Place::Header(name.clone()), value.to_str().unwrap().to_owned()));
    let body =
        req.extensions.get::<BodyCredential>().map(|BodyCredential(text)| (Place::Body, text.expose().to_owned()));
    headers.chain(body).collect()
}

#[derive(Clone, Debug)]
enum Place {
    Header(HeaderName),
    Body,
}

/// A request with this text in this place and no other credential: a second one might be genuine.
fn showing(place: &Place, text: &[u8]) -> Parts {
    let mut req = request(&[]);
    match place {
        Place::Header(name) => drop(req.headers.insert(name, HeaderValue::from_bytes(text).unwrap())),
        Place::Body => {
            drop(req.extensions.insert(BodyCredential(SecretString::new(str::from_utf8(text).unwrap().to_owned()))));
        }
    }
    req
}

/// One change of a credential. It keeps the name and the scheme in front of it, and adds no delimiter.
#[derive(Clone, Debug)]
enum Change {
    Replace(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    Swap(Index, Index),
    Cut(Index),
    /// From this offset on, the text of another user's credential.
    Graft(Index),
    Case(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let byte = (b'!'..=b'~').prop_filter("ends a cookie", |byte| *byte != b';');
    let at = any::<Index>;
    prop_oneof![
        (at(), byte.clone()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (at(), byte).prop_map(|(at, byte)| Change::Insert(at, byte)),
        at().prop_map(Change::Remove),
        (at(), at()).prop_map(|(one, other)| Change::Swap(one, other)),
        at().prop_map(Change::Cut),
        at().prop_map(Change::Graft),
        at().prop_map(Change::Case),
    ]
}

impl Change {
    fn make(&self, genuine: &[u8], other: &[u8]) -> Vec<u8> {
        let start = genuine.iter().position(|byte| b"= ".contains(byte)).map_or(0, |at| at + 1);
        let (name, mut secret) = (genuine[..start].to_vec(), genuine[start..].to_vec());
        let at = |index: &Index| index.index(genuine.len() - start);
        match self {
            Self::Replace(index, byte) => secret[at(index)] = *byte,
            Self::Insert(index, byte) => secret.insert(at(index), *byte),
            Self::Remove(index) => drop(secret.remove(at(index))),
            Self::Swap(one, other) => secret.swap(at(one), at(other)),
            Self::Cut(index) => secret.truncate(at(index)),
            Self::Graft(index) => {
                secret.truncate(at(index));
                secret.extend(other.iter().skip(start + at(index)));
            }
            Self::Case(index) => {
                let byte = &mut secret[at(index)];
                *byte ^= if byte.is_ascii_alphabetic() { 0x20 } else { 0 };
            }
        }
        [name, secret].concat()
    }
}

/// Was the request treated as refused or as anonymous?
fn is_refused_or_anonymous<T>(outcome: Result<Option<T>, AuthError>) -> bool {
    match outcome {
        Ok(found) => found.is_none(),
        Err(AuthError::Missing | AuthError::Refused(_)) => true,
        Err(error) => panic!("neither accepted nor refused: {error}"),
    }
}

/// Checks that this request identifies no caller and gets no credential.
async fn assert_not_accepted(auth: &auth::Auth, mode: ModeId, req: &Parts) {
    assert!(is_refused_or_anonymous(auth.rotate(mode.0, req).await.map(Some)), "{mode}: rotated for {req:?}");
    assert!(is_refused_or_anonymous(auth.identify(mode.0, req).await), "{mode}: recognised by {req:?}");
}

on_both_databases! {
    async fn a_changed_credential_is_never_accepted(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        world.sign_up("bob").await.unwrap();
        for mode in world.modes() {
            let alice = world.log_in(mode, "alice").await.unwrap();
            let bob = world.log_in(mode, "bob").await.unwrap();
            for ((place, genuine), (_, others)) in carried(&alice).into_iter().zip(carried(&bob)) {
                let auth = world.auth.clone();
                for_each(64, change(), move |change| {
                    let changed = change.make(genuine.as_bytes(), others.as_bytes());
                    let req = (changed != genuine.as_bytes() && changed != others.as_bytes()).then(|| showing(&place, &changed));
                    let auth = auth.clone();
                    async move {
                        if let Some(req) = req {
                            assert_not_accepted(&auth, mode, &req).await;
                        }
                    }
                })
                .await;
            }
            assert!(world.auth.identify(mode.0, &alice).await.unwrap().is_some(), "{mode}: the genuine credential no longer works");
            assert!(world.auth.rotate(mode.0, &alice).await.is_ok(), "{mode}: the genuine credential no longer works");
        }
    }

    async fn any_request_is_accepted_or_refused_without_an_internal_error(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        for mode in world.modes() {
            let auth = world.auth.clone();
            let cookies = world.auth.modes().filter_map(|mode| mode.cookie).chain(["another"]).collect();
            for_each(128, any_request(cookies), move |req| {
                let auth = auth.clone();
                async move {
                    assert_not_accepted(&auth, mode, &req).await;
                    auth.logout(mode.0, &req).await.unwrap();
                    assert!(is_refused_or_anonymous(auth.logout_all(mode.0, &req).await.map(Some)), "{mode}: all ended by {req:?}");
                }
            })
            .await;
        }
    }
}

/// Arbitrary headers and body credentials, mostly in the places that a mode reads.
fn any_request(cookies: Vec<&'static str>) -> impl Strategy<Value = Parts> {
    let bytes = || vec(prop_oneof![Just(b'\t'), b' '..=b'~', 0x80..=0xff_u8], 0..40);
    let piece = prop_oneof![
        3 => select(vec![".", "..", "1.", "lk_", "eyJhbGciOiJub25lIn0", "e30", "=", "; ", " "]).prop_map(|text| text.as_bytes().to_vec()),
        1 => bytes(),
        2 => "[A-Za-z0-9_-]{22}|[A-Za-z0-9_-]{43}".prop_map(String::into_bytes),
    ];
    let text = vec(piece, 0..6).prop_map(|pieces| pieces.concat());
    let cookie =
        (select(cookies), text.clone()).prop_map(|(name, text)| ("cookie", [name.as_bytes(), b"=", &text].concat()));
    let bearer = text.clone().prop_map(|text| ("authorization", [&b"Bearer "[..], &text].concat()));
    let other = (select(vec!["cookie", "authorization", "user-agent", "origin", "sec-fetch-site"]), bytes());
    let header = prop_oneof![2 => cookie, 2 => bearer, 1 => other];
    (vec(header, 0..4), proptest::option::of(any::<String>())).prop_map(|(headers, body)| {
        let mut parts = request(&[]);
        let headers = headers
            .into_iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_bytes(&value).unwrap()));
        parts.headers = headers.into_iter().collect();
        if let Some(body) = body {
            parts.extensions.insert(BodyCredential(SecretString::new(body)));
        }
        parts
    })
}
