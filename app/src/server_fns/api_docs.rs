#![cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "a server function is async, whatever it does"))]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::api_document::ApiReference;

/// The JSON API, as its document describes it.
#[server(prefix = "/api/fn", endpoint = "api-docs", input = GetUrl)]
pub async fn api_docs() -> Result<ApiReference, ServerFnError> {
    crate::ssr::api_reference()
}
