//! Web Locks, reached by reflection: web-sys has them behind a build flag that every user of the crate would have to set.

use futures::{
    channel::oneshot,
    future::{Either, select},
};
use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortSignal;

/// Milliseconds to wait for the lock. A tab that hangs keeps it for as long as that tab is open.
///
/// Together with two attempts at a renewal this stays within the server's grace of 10 seconds.
const WITHIN: u32 = 4_000;

/// The lock is ours until this is dropped. `None` in a browser without locks, or after the wait: then the tabs work at the same
/// time. The lock only saves them work; the server serialises what they ask.
pub(crate) struct Turn {
    _until_dropped: Option<oneshot::Sender<()>>,
}

/// Waits until no tab of this origin, this one included, holds the lock of that name, but not for ever.
pub(crate) async fn turn(name: &str) -> Turn {
    Turn { _until_dropped: SendWrapper::new(request(name)).await }
}

async fn request(name: &str) -> Option<oneshot::Sender<()>> {
    let (granted, grant) = oneshot::channel();
    let (release, released) = oneshot::channel::<()>();
    // The browser holds the lock for as long as the promise that this returns is open. If the waiting future is gone by
    // then, `release` is gone too, and the promise closes at once.
    let callback = Closure::once_into_js(move || -> Promise {
        _ = granted.send(());
        future_to_promise(async move {
            _ = released.await;
            Ok(JsValue::UNDEFINED)
        })
    });
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"signal".into(), &AbortSignal::timeout_with_u32(WITHIN)).ok()?;
    let outcome: Promise = request.call3(&locks, &name.into(), &options, &callback).ok()?.dyn_into().ok()?;
    match select(grant, JsFuture::from(outcome)).await {
        Either::Left((Ok(()), _)) => Some(release),
        // Refused without a call of ours: in a sandboxed frame, or because the wait is over.
        _ => None,
    }
}
