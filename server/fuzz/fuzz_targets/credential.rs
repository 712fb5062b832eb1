//! The credentials of every mode: only the genuine one is accepted. Everything else is refused.
#![no_main]

use std::sync::LazyLock;

use auth::{
    AuthError, BodyCredential, ModeId, SecretString,
    testing::{Driver, World, request},
};
use http::{HeaderName, HeaderValue, request::Parts};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};

/// A genuine credential, and its place in the request.
struct Shown {
    mode: ModeId,
    /// `None`: in the body.
    header: Option<HeaderName>,
    text: Vec<u8>,
}

static SCENE: LazyLock<(Runtime, World, Vec<Shown>)> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (world, shown) = runtime.block_on(async {
        let world = World::new(Driver::Sqlite).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mut shown = Vec::new();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            for (name, value) in &req.headers {
                shown.push(Shown { mode, header: Some(name.clone()), text: value.as_bytes().to_vec() });
            }
            if let Some(BodyCredential(text)) = req.extensions.get() {
                shown.push(Shown { mode, header: None, text: text.expose().as_bytes().to_vec() });
            }
        }
        (world, shown)
    });
    (runtime, world, shown)
});

fn showing(header: Option<&HeaderName>, text: Vec<u8>) -> Option<Parts> {
    let mut req = request(&[]);
    match header {
        Some(name) => drop(req.headers.insert(name, HeaderValue::from_bytes(&text).ok()?)),
        None => drop(req.extensions.insert(BodyCredential(SecretString::new(String::from_utf8(text).ok()?)))),
    }
    Some(req)
}

/// The genuine text with these changes: pairs of an offset and the byte to xor into it.
fn changed(genuine: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut text = genuine.to_vec();
    for change in changes.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % text.len();
        text[at] ^= change[2];
    }
    text
}

// The first byte selects the credential, and whether it is changed or replaced.
fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else { return };
    let (runtime, world, shown) = &*SCENE;
    let Shown { mode, header, text: genuine } = &shown[usize::from(choice >> 1) % shown.len()];
    let text = if choice & 1 == 0 { data.to_vec() } else { changed(genuine, data) };
    // A space or a second cookie beside the genuine credential leaves it genuine.
    if text.windows(genuine.len()).any(|window| window == genuine) {
        return;
    }
    let Some(req) = showing(header.as_ref(), text) else { return };
    runtime.block_on(async {
        match world.auth.identify(mode.0, &req).await {
            Ok(None) | Err(AuthError::Refused(_)) => {}
            other => panic!("{mode}: {other:?}"),
        }
        match world.auth.rotate(mode.0, &req).await {
            Err(AuthError::Missing | AuthError::Refused(_)) => {}
            other => panic!("{mode}: {other:?}"),
        }
    });
});
