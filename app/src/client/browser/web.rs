use gloo_net::http::{Method, RequestBuilder};
use gloo_timers::future::TimeoutFuture;
use js_sys::Reflect; // part: comparison
use leptos::prelude::{window, window_event_listener_untyped};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{AbortSignal, BroadcastChannel, MessageEvent, PageTransitionEvent, RequestCredentials, Storage};

use crate::{
    client::clock,
    error::{AppError, ErrorCode},
};

use super::{Answer, Area};

thread_local! {
    /// One channel for the lifetime of the page. `None` in a browser without `BroadcastChannel`.
    static CHANNEL: Option<BroadcastChannel> = BroadcastChannel::new("latchkey").ok();
}

/// Fails after `timeout` milliseconds.
///
/// JavaScript objects are not `Send`, but Leptos may require `Send` futures. wasm has only one thread, so `SendWrapper`
/// is safe.
pub(crate) async fn fetch(
    method: &str,
    path: &str,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
    timeout: u32,
) -> Result<Answer, AppError> {
    SendWrapper::new(send(method, path, headers, body, timeout))
        .await
        .map_err(|_| AppError::new(ErrorCode::Unreachable))
}

async fn send(
    method: &str,
    path: &str,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
    timeout: u32,
) -> Result<Answer, gloo_net::Error> {
    let mut builder = RequestBuilder::new(path)
        .method(if method == "GET" { Method::GET } else { Method::POST })
        .header("Accept", "application/json")
        .credentials(RequestCredentials::SameOrigin)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(timeout)));
    for (name, value) in &headers {
        builder = builder.header(name, value);
    }
    let response = match body {
        Some(body) => builder.header("Content-Type", "application/json").body(body)?,
        None => builder.build()?,
    }
    .send()
    .await?;
    let headers = response.headers();
    if let Some(date) = headers.get("Date").map(|date| seconds(js_sys::Date::parse(&date))) {
        clock::observe(date);
    }
    Ok(Answer { status: response.status(), revocation: headers.get("X-Revocation"), body: response.text().await? })
}

pub(crate) async fn pause(milliseconds: u32) {
    SendWrapper::new(TimeoutFuture::new(milliseconds)).await;
}

/// Random bytes from the browser's cryptographic generator. `None` without one.
pub(crate) fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    window().crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}

/// The local clock, which may be wrong: see [`clock`].
pub(crate) fn now() -> i64 {
    seconds(js_sys::Date::now())
}

#[expect(clippy::cast_possible_truncation, reason = "JavaScript counts time in f64 milliseconds; whole seconds fit")]
fn seconds(milliseconds: f64) -> i64 {
    (milliseconds / 1000.0).floor() as i64
}

// part: comparison, begin
/// Whether the user loaded this page by a reload.
pub(crate) fn was_reloaded() -> bool {
    let loads = window().performance().map(|performance| performance.get_entries_by_type("navigation"));
    let kind = loads.and_then(|loads| Reflect::get(&loads.get(0), &"type".into()).ok());
    kind.is_some_and(|kind| kind == "reload")
}

/// Runs when another tab has changed the local storage.
pub(crate) fn on_stored_elsewhere(handle: impl Fn() + 'static) {
    window_event_listener_untyped("storage", move |_| handle());
}
// part: comparison, end

/// `None` if the user has disabled storage: then nothing is stored, and everything else works.
fn area(area: Area) -> Option<Storage> {
    match area {
        Area::Session => window().session_storage(),
        Area::Local => window().local_storage(),
    }
    .ok()?
}

pub(crate) fn stored(place: Area, key: &str) -> Option<String> {
    area(place)?.get_item(key).ok()?
}

/// A full or disabled storage stores nothing. That is not an error: after a reload, the value is missing.
pub(crate) fn store(place: Area, key: &str, value: &str) {
    _ = area(place).map(|storage| storage.set_item(key, value));
}

pub(crate) fn remove(place: Area, key: &str) {
    _ = area(place).map(|storage| storage.remove_item(key));
}

/// Sends a text to all other tabs. `false` if the browser cannot.
pub(crate) fn send_to_tabs(message: &str) -> bool {
    CHANNEL.with(|channel| {
        channel.as_ref().is_some_and(|channel| channel.post_message(&JsValue::from_str(message)).is_ok())
    })
}

/// Replaces an earlier handler. A tab does not receive its own messages.
pub(crate) fn on_tab_message(handle: impl Fn(String) + 'static) {
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            handle(text);
        }
    })
    .into_js_value();
    CHANNEL.with(|channel| {
        if let Some(channel) = channel {
            channel.set_onmessage(Some(listener.unchecked_ref()));
        }
    });
}

/// Runs when the browser restores the page from its back/forward cache. A page in the cache receives no messages.
pub(crate) fn on_page_restored(handle: impl Fn() + 'static) {
    window_event_listener_untyped("pageshow", move |event| {
        if event.unchecked_ref::<PageTransitionEvent>().persisted() {
            handle();
        }
    });
}
