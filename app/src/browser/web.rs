use gloo_net::http::{Method, RequestBuilder};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::{window, window_event_listener_untyped};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{AbortSignal, BroadcastChannel, MessageEvent, PageTransitionEvent, RequestCredentials, Storage};

use super::{Answer, Area};
use crate::{
    clock,
    error::{AppError, ErrorCode},
};

thread_local! {
    /// One channel for the life of the page. `None` in a browser that has none.
    static CHANNEL: Option<BroadcastChannel> = BroadcastChannel::new("latchkey").ok();
}

/// Gives up after `patience` milliseconds.
///
/// Browser objects belong to one thread, futures of the app may be asked to be `Send`. In a browser there is but one thread.
pub(crate) async fn fetch(
    method: &str,
    path: &str,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
    patience: u32,
) -> Result<Answer, AppError> {
    SendWrapper::new(send(method, path, headers, body, patience))
        .await
        .map_err(|_| AppError::new(ErrorCode::Unreachable))
}

async fn send(
    method: &str,
    path: &str,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
    patience: u32,
) -> Result<Answer, gloo_net::Error> {
    let mut builder = RequestBuilder::new(path)
        .method(if method == "GET" { Method::GET } else { Method::POST })
        .header("Accept", "application/json")
        .credentials(RequestCredentials::SameOrigin)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(patience)));
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

/// From the browser's cryptographic generator. `None` where it has none.
pub(crate) fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    window().crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}

/// By this machine's own clock, which may be wrong: see [`clock`].
pub(crate) fn now() -> i64 {
    seconds(js_sys::Date::now())
}

#[expect(clippy::cast_possible_truncation, reason = "JavaScript counts time in f64 milliseconds; whole seconds fit")]
fn seconds(milliseconds: f64) -> i64 {
    (milliseconds / 1000.0).floor() as i64
}

/// `None` where the user has forbidden storage: then nothing is remembered, and everything else works.
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

/// A full or forbidden storage stores nothing. That is no error: the page says the same as after a reload without it.
pub(crate) fn store(place: Area, key: &str, value: &str) {
    _ = area(place).map(|storage| storage.set_item(key, value));
}

pub(crate) fn remove(place: Area, key: &str) {
    _ = area(place).map(|storage| storage.remove_item(key));
}

/// Whether there is a way to tell them.
pub(crate) fn tell_tabs(message: &str) -> bool {
    CHANNEL.with(|channel| {
        channel.as_ref().is_some_and(|channel| channel.post_message(&JsValue::from_str(message)).is_ok())
    })
}

/// Takes the place of an earlier handler. The channel never hands a tab its own messages.
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

/// The page comes back frozen from the history, as it was when it was left. It heard nothing meanwhile.
pub(crate) fn on_return(handle: impl Fn() + 'static) {
    window_event_listener_untyped("pageshow", move |event| {
        if event.unchecked_ref::<PageTransitionEvent>().persisted() {
            handle();
        }
    });
}
