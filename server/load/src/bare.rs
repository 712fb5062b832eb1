//! The limit: axum with one route, no middleware and a constant body.

use axum::{Router, http::header, routing::get};
use tokio::{net::TcpListener, runtime::Runtime};

use crate::Result;

/// The path of the only route.
pub const PATH: &str = "/me";

#[expect(clippy::disallowed_methods, reason = "the server documents each route; this is not the server")]
pub fn serve(body: String) -> Result<()> {
    let body = axum::body::Bytes::from(body);
    let answer = move || std::future::ready(([(header::CONTENT_TYPE, "application/json")], body.clone()));
    Runtime::new()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("The bare handler listens on http://localhost:{}", listener.local_addr()?.port());
        axum::serve(listener, Router::new().route(PATH, get(answer))).await?;
        Ok(())
    })
}
