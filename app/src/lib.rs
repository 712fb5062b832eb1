//! The interface. The server renders it, and the browser hydrates it with the same code.
//!
//! [`shell`] renders the document, [`App`] its content. The route table is in this file because it is the first thing
//! to read. No page and no component knows a mode by name: all of them iterate over the list that the server returns.
// The type of a page contains the types of all its parts, and is nested deeper than rustc's default limit.
#![recursion_limit = "256"]

mod calendar;
mod client;
mod compare; // part: comparison
mod components;
pub mod error;
mod has_logged_in;
mod locale;
mod offers;
mod pages;
pub mod paths;
mod refusal;
pub mod server_fns;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod types;
mod user_agent;

use client::SignIns;
use compare::{Home, Rotation}; // part: comparison
use components::{Frame, Hydrated, Layout};
pub use has_logged_in::HasLoggedIn;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos_meta::{HashedStylesheet, MetaTags};
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};
pub use locale::Locale;
#[cfg(feature = "ssr")]
use locale::tr;
pub use offers::Offers;
// one mode: use pages::Home;
use pages::{Account, Activity, Admin, AllActivity, ApiDocs, Login, Logout, Me, NotFound, Register, ToLastMode};

#[cfg(feature = "ssr")] // part: comparison
pub use compare::lab; // part: comparison
#[cfg(feature = "ssr")]
pub use ssr::ApiDocument;

/// The HTML document around the app. Leptos adds the nonce of the Content-Security-Policy to the scripts.
#[cfg(feature = "ssr")]
#[must_use]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    ssr::provide_locale();
    view! {
        <!DOCTYPE html>
        <html lang=Locale::current().tag()>
            <head>
                {basics(&options)}
                <AutoReload options=options.clone() />
                {ssr::scripts(options)}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The elements that the head of every document needs, with scripts and without.
#[cfg(feature = "ssr")]
fn basics(options: &LeptosOptions) -> impl IntoView + use<> {
    view! {
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content=description() />
        <HashedStylesheet options=options.clone() id="leptos" />
        <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
    }
}

#[cfg(feature = "ssr")]
fn description() -> &'static str {
    // part: comparison, begin
    tr(
        "Sign in with several authentication modes side by side, and compare how they work.",
        "여러 인증 방식으로 나란히 로그인하고, 각 방식이 어떻게 동작하는지 비교합니다.",
    )
    // part: comparison, end
    // one mode: tr(
    // one mode:     "Create an account, log in, and see where you are signed in.",
    // one mode:     "계정을 만들고 로그인하여, 어디에 로그인되어 있는지 확인합니다.",
    // one mode: )
}

/// The page of the current route, in the frame of header and footer that [`Layout`] renders.
///
/// Every route renders in [`SsrMode::Async`]: streamed fragments need JavaScript to be moved into place.
#[expect(clippy::must_use_candidate, reason = "the component macro drops #[must_use]")]
#[component]
pub fn App() -> impl IntoView {
    #[cfg(feature = "ssr")]
    ssr::page_headers();
    provide_meta_context();
    Hydrated::provide();
    SignIns::provide_none();
    Offers::provide();
    view! {
        <Title formatter=|page| format!("{page} · Latchkey") />
        <Router>
            <Routes fallback=|| view! { <Frame><NotFound /></Frame> }>
                <ParentRoute path=path!("") view=Layout ssr=SsrMode::Async>
                    <Route path=path!("") view=Home ssr=SsrMode::Async />
                    <Route path=path!("login") view=Login ssr=SsrMode::Async />
                    <Route path=path!("register") view=Register ssr=SsrMode::Async />
                    <Route path=path!("me") view=ToLastMode ssr=SsrMode::Async />
                    <Route path=path!("me/:mode") view=Me ssr=SsrMode::Async />
                    <Route path=path!("account") view=ToLastMode ssr=SsrMode::Async />
                    <Route path=path!("account/:mode") view=Account ssr=SsrMode::Async />
                    <Route path=path!("account/:mode/activity") view=Activity ssr=SsrMode::Async />
                    <Route path=path!("admin") view=ToLastMode ssr=SsrMode::Async />
                    <Route path=path!("admin/:mode") view=Admin ssr=SsrMode::Async />
                    <Route path=path!("admin/:mode/activity") view=AllActivity ssr=SsrMode::Async />
                    <Route path=path!("rotation") view=Rotation ssr=SsrMode::Async /> // part: comparison
                    <Route path=path!("logout") view=Logout ssr=SsrMode::Async />
                    <Route path=path!("api-docs") view=ApiDocs ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
