//! The pages, each with the parts that only it uses.

mod account;
mod activity;
mod admin;
mod api_docs;
// one mode: mod home;
mod login;
mod logout;
mod me;
mod not_found;
mod register;
mod to_last_mode;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    client::SignIns,
    types::{ModeId, ModeInfo},
};

pub(crate) use account::Account;
pub(crate) use activity::{Activity, AllActivity};
pub(crate) use admin::Admin;
pub(crate) use api_docs::ApiDocs;
// one mode: pub(crate) use home::Home;
pub(crate) use login::Login;
pub(crate) use logout::Logout;
pub(crate) use me::Me;
pub(crate) use not_found::NotFound;
pub(crate) use register::{Register, registered};
pub(crate) use to_last_mode::ToLastMode;

/// The page of the mode in the address, or [`NotFound`] if there is no such mode. Rebuilt if the mode changes.
fn mode_page<V: IntoView + 'static>(page: impl Fn(ModeInfo) -> V + Send + 'static) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let params = use_params_map();
    let mode = Memo::new(move |_| ModeId(params.read().get("mode").unwrap_or_default()));
    move || match mode.with(|mode| sign_ins.info(mode)) {
        Some(info) => page(info).into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

/// The cursor of a page of a list, from the query.
fn cursor(name: &'static str) -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.read().get(name))
}
