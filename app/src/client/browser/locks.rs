//! Web Locks, called by reflection: web-sys has them behind a build flag that every user of the crate would have to
//! set.

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

use super::LOCK_TIMEOUT;

/// Holds the lock until it is dropped. `None` in a browser without locks, or after the wait: then the tabs run at the
/// same time. The lock only saves requests; the server serialises them.
pub(crate) struct Lock {
    until_dropped: Option<oneshot::Sender<()>>,
}

impl Lock {
    /// Whether no other tab holds it. If not, the tabs run at the same time.
    pub(crate) fn is_held(&self) -> bool {
        self.until_dropped.is_some()
    }
}

/// Waits until no tab of this origin, including this one, holds the lock, with a time limit.
pub(crate) async fn lock(name: &str) -> Lock {
    Lock { until_dropped: SendWrapper::new(request(name)).await }
}

async fn request(name: &str) -> Option<oneshot::Sender<()>> {
    let (granted, grant) = oneshot::channel();
    let (release, released) = oneshot::channel::<()>();
    // The browser holds the lock until the returned promise resolves. If the waiting future is dropped before the
    // lock is granted, `release` is dropped too, and the promise resolves at once.
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
    Reflect::set(&options, &"signal".into(), &AbortSignal::timeout_with_u32(LOCK_TIMEOUT)).ok()?;
    let outcome: Promise = request.call3(&locks, &name.into(), &options, &callback).ok()?.dyn_into().ok()?;
    match select(grant, JsFuture::from(outcome)).await {
        Either::Left((Ok(()), _)) => Some(release),
        // Rejected before the callback ran: in a sandboxed frame, or because the time limit passed.
        _ => None,
    }
}
