//! Web Locks, reached by reflection: web-sys has them behind a build flag that every user of the crate would have to set.

use futures::{
    channel::oneshot,
    future::{Either, select},
};
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// The lock is ours until this is dropped. `None` in a browser without locks: then one tab does not wait for another.
pub(crate) struct Turn {
    _until_dropped: Option<oneshot::Sender<()>>,
}

/// Waits until no tab of this origin, this one included, holds the lock of that name.
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
    let outcome: Promise = request.call2(&locks, &name.into(), &callback).ok()?.dyn_into().ok()?;
    match select(grant, JsFuture::from(outcome)).await {
        Either::Left((Ok(()), _)) => Some(release),
        // Refused without ever asking us back, as in a sandboxed frame.
        _ => None,
    }
}
