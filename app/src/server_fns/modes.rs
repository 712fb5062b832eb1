#![cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "a server function is async, whatever it does"))]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::types::ModeInfo;

/// The descriptions of all modes, in the order in which the pages show them.
#[server(prefix = "/api/fn", endpoint = "modes", input = GetUrl)]
pub async fn modes() -> Result<Vec<ModeInfo>, ServerFnError> {
    Ok(crate::ssr::auth()?.modes().map(crate::ssr::mode_info).collect())
}
