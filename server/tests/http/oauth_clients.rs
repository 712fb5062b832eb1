//! Client authentication of services: HTTP Basic, with the encoding of RFC 6749, 2.3.1 and without it.

use auth::on_both_databases;
use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Request, StatusCode, header};

use crate::client::{Kind, Site};

/// A secret with the characters that form-encoding changes.
const SECRET: &str = "32+characters/and%41more==&of~it";
const SETTING: &str = "shop:32+characters/and%41more==&of~it";

async fn status(site: &Site, id: &str, secret: &str) -> StatusCode {
    let request = Request::post("/oauth/introspect")
        .header(header::AUTHORIZATION, format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("token=nothing"))
        .unwrap();
    site.client(Kind::Program).send(request).await.status
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

on_both_databases! {
    async fn a_client_secret_may_be_form_encoded_or_not(driver: Driver) {
        let site = Site::with_settings(driver, &[("OAUTH_CLIENTS", SETTING)]).await;
        for secret in [SECRET.to_owned(), encoded(SECRET)] {
            assert_eq!(status(&site, "shop", &secret).await, StatusCode::OK, "{secret}");
            assert_eq!(status(&site, "sh%6Fp", &secret).await == StatusCode::OK, secret != SECRET, "{secret}");
        }
    }

    async fn a_secret_that_is_encoded_twice_or_another_one_is_refused(driver: Driver) {
        let site = Site::with_settings(driver, &[("OAUTH_CLIENTS", SETTING)]).await;
        for secret in [&encoded(&encoded(SECRET)), "", "%", "%FF", &SECRET.replace("%41", "A"), &SECRET[1..]] {
            assert_eq!(status(&site, "shop", secret).await, StatusCode::UNAUTHORIZED, "{secret}");
        }
        assert_eq!(status(&site, "mall", SECRET).await, StatusCode::UNAUTHORIZED);
    }
}
