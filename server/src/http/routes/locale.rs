//! `POST /locale`: the switch in the header of every page.

use app::{Locale, paths::LocalPath, ssr::LOCALE_COOKIE};
use axum::{Form, Router, extract::State, response::Response, routing::post};
use http::request::Parts;
use serde::Deserialize;

use crate::{
    http::{
        middleware::csrf,
        respond::{see_other, set_preference},
    },
    state::AppState,
};

#[derive(Deserialize)]
struct Switch {
    /// The tag of a language.
    locale: String,
    /// The page with the switch.
    next: Option<String>,
}

#[expect(clippy::disallowed_methods, reason = "a form of the pages is no part of the API")]
pub fn router() -> Router<AppState> {
    Router::new().route("/locale", post(switch))
}

/// Stores the choice in a cookie and returns to the page. Another site can neither choose the language nor lead away
/// from here.
async fn switch(State(state): State<AppState>, parts: Parts, Form(Switch { locale, next }): Form<Switch>) -> Response {
    let next = next.and_then(|next| LocalPath::parse(&next)).map_or_else(|| "/".to_owned(), LocalPath::into_string);
    let mut response = see_other(&next);
    if let Some(locale) = Locale::of_tag(&locale).filter(|_| csrf::is_from_our_page(&parts, &state.origin)) {
        // The script of a page reads the language from `<html lang>`.
        set_preference(&mut response, LOCALE_COOKIE, locale.tag());
    }
    response
}
