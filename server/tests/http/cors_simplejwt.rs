//! mode: jwt
//! The usual client of SimpleJWT: a page on another port, from a development server.

use auth::{on_both_databases, testing::PASSWORD};
use axum::body::Body;
use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use server::{AllowedOrigins, ServerParts, router};

use crate::client::{Kind, Site};

const PAGE: &str = "http://localhost:5173";

fn from_the_page(builder: http::request::Builder, token: &str, body: &Value) -> Request<Body> {
    builder
        .header(header::ORIGIN, PAGE)
        .header("sec-fetch-site", "same-site")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

on_both_databases! {
    async fn a_page_of_an_allowed_origin_uses_every_endpoint_of_simplejwt(driver: Driver) {
        let site = Site::new(driver).await;
        let allowed_origins = AllowedOrigins::parse(PAGE).unwrap();
        let state = ServerParts { allowed_origins, ..ServerParts::new(site.world.auth.clone(), "target/site", None) };
        let site = Site { router: router(state), ..site };
        let mut client = site.client(Kind::Program);
        let credentials = json!({"username": "alice", "password": PASSWORD});
        let pair = client.send(from_the_page(Request::post("/api/token/"), "", &credentials)).await;
        assert_eq!((pair.status, pair.header("access-control-allow-origin")), (StatusCode::OK, PAGE));
        let (access, refresh) = (pair.json()["access"].clone(), pair.json()["refresh"].clone());
        let access = access.as_str().unwrap();
        for (builder, body, status) in [
            (Request::get("/api/me/"), json!({}), StatusCode::OK),
            (Request::post("/api/token/verify/"), json!({"token": access}), StatusCode::OK),
            (Request::post("/api/token/refresh/"), json!({"refresh": "nonsense"}), StatusCode::UNAUTHORIZED),
            (Request::post("/api/logout/"), json!({"refresh": refresh}), StatusCode::RESET_CONTENT),
        ] {
            let answer = client.send(from_the_page(builder, access, &body)).await;
            assert_eq!((answer.status, answer.header("access-control-allow-origin")), (status, PAGE), "{}", answer.body);
        }
    }
}
