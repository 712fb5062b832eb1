//! `/oauth/…`: introspection and revocation.

use auth::on_both_databases;
use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::client::{Answer, Kind, Site};

const CLIENT: &str = "shop:an-oauth-client-secret-of-32-chars";

async fn site(driver: auth::testing::Driver) -> Site {
    Site::with_settings(driver, &[("OAUTH_CLIENTS", CLIENT)]).await
}

async fn introspect(site: &Site, client: &str, body: Value) -> Answer {
    let request = Request::post("/oauth/introspect")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Basic {}", STANDARD.encode(client)))
        .body(Body::from(body.to_string()));
    site.client(Kind::Program).send(request.unwrap()).await
}

/// Is the token active for a service that sends this hint?
async fn is_active(site: &Site, token: &str, hint: Option<&str>) -> bool {
    let answer = introspect(site, CLIENT, json!({"token": token, "token_type_hint": hint})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let is_active = answer.json()["active"] == true;
    assert!(is_active || answer.json() == json!({"active": false}), "{}", answer.body);
    is_active
}

on_both_databases! {
    async fn a_token_is_active_for_what_it_is_expected_to_be(driver: Driver) {
        let site = site(driver).await;
        for mode in site.bearer_modes() {
            let client = site.signed_in(Kind::Program, mode).await;
            let access = client.access.unwrap();
            for (hint, active) in [(None, true), (Some("access_token"), true), (Some("refresh_token"), false)] {
                assert_eq!(is_active(&site, &access, hint).await, active, "{}: {hint:?}", mode.id);
            }
            let Some(refresh) = client.refresh else { continue };
            for (hint, active) in [(None, false), (Some("access_token"), false), (Some("refresh_token"), true)] {
                assert_eq!(is_active(&site, &refresh, hint).await, active, "{}: refresh, {hint:?}", mode.id);
            }
        }
    }

    async fn a_revoked_token_ends_its_sign_in_and_an_unknown_one_is_answered_alike(driver: Driver) {
        let site = site(driver).await;
        for mode in site.bearer_modes() {
            let client = site.signed_in(Kind::Program, mode).await;
            for token in [client.access.clone().unwrap(), "unknown".to_owned()] {
                let revoked = site.client(Kind::Program).post("/oauth/revoke", json!({"token": token})).await;
                assert_eq!((revoked.status, revoked.body.as_str()), (StatusCode::OK, ""), "{}", mode.id);
            }
            assert!(!is_active(&site, &client.access.unwrap(), None).await, "{}", mode.id);
        }
    }

    async fn a_service_that_is_no_client_is_refused_and_recorded(driver: Driver) {
        let site = site(driver).await;
        let answer = introspect(&site, "shop:wrong", json!({"token": "unknown"})).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (StatusCode::UNAUTHORIZED, r#"Basic realm="oauth""#));
        let latest = site.world.auth.audit_log(None, 1).await.unwrap().remove(0);
        assert!(latest.action == "deny" && latest.outcome.contains("invalid_client"), "{latest:?}");
    }
}
