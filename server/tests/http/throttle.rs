//! Throttling: which attempts count together, and the answer 429.

use std::net::SocketAddr;

use auth::{Role, Seconds, on_both_databases, testing::PASSWORD};
use axum::{Extension, body::Body, extract::ConnectInfo};
use http::{Request, StatusCode, header};
use serde_json::json;
use server::{ServerParts, TrustedProxies, router};

use crate::client::{Answer, Client, Kind, Site};

const PEER: [u8; 4] = [10, 0, 0, 1];

/// The same site for requests whose peer is [`PEER`].
fn behind_a_socket(mut site: Site, trusted: &str) -> Site {
    let state = ServerParts {
        trusted_proxies: TrustedProxies::parse(trusted).unwrap(),
        ..ServerParts::new(site.world.auth.clone(), "target/site", None)
    };
    site.router = router(state).layer(Extension(ConnectInfo(SocketAddr::from((PEER, 5050)))));
    site
}

/// Sends a wrong password with this `X-Forwarded-For`.
async fn guess(client: &mut Client, mode: &str, forwarded_for: &str) -> Answer {
    let request = Request::post(format!("/api/{mode}/login"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-forwarded-for", forwarded_for)
        .body(Body::from(json!({"username": "alice", "password": "wrong"}).to_string()));
    client.send(request.unwrap()).await
}

on_both_databases! {
    async fn the_attempt_after_the_last_is_told_when_to_come_back(driver: Driver) {
        let site = behind_a_socket(Site::with_settings(driver, &[("THROTTLE_ANON", "2/min")]).await, "");
        let (mut client, mode) = (site.client(Kind::Program), site.modes()[0].id.0);
        for _ in 0..2 {
            assert_eq!(guess(&mut client, mode, "").await.status, StatusCode::UNAUTHORIZED);
        }
        site.world.clock.advance(Seconds(18));
        let refused = guess(&mut client, mode, "").await;
        assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "42"));
        let body = json!({"detail": "Request was throttled. Expected available in 42 seconds.", "code": "throttled"});
        assert_eq!(refused.json(), body);
        site.world.clock.advance(Seconds(41));
        let refused = guess(&mut client, mode, "").await;
        assert_eq!(refused.json()["detail"], "Request was throttled. Expected available in 1 second.");
        site.world.clock.advance(Seconds(1));
        assert_eq!(guess(&mut client, mode, "").await.status, StatusCode::UNAUTHORIZED);
    }

    async fn every_mode_and_the_registration_draw_on_one_count(driver: Driver) {
        let site = Site::with_settings(driver, &[("THROTTLE_ANON", "1/min")]).await;
        let site = behind_a_socket(site, "");
        let mut client = site.client(Kind::Program);
        let made = client.post("/api/register", json!({"username": "bob", "password": PASSWORD})).await;
        assert_eq!(made.status, StatusCode::CREATED);
        for mode in site.modes() {
            assert_eq!(client.log_in(mode).await.status, StatusCode::TOO_MANY_REQUESTS, "{}", mode.id);
        }
        let refused = client.post("/api/register", json!({"username": "carol", "password": PASSWORD})).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    }

    async fn a_form_is_led_back_with_the_reason(driver: Driver) {
        let site = behind_a_socket(Site::with_settings(driver, &[("THROTTLE_ANON", "1/min")]).await, "");
        let (mut browser, mode) = (site.client(Kind::OwnPage), site.modes()[0].id);
        let fields = [("username", "alice"), ("password", "wrong")];
        browser.submit(&format!("/api/{mode}/login"), &fields).await;
        let login = browser.submit(&format!("/api/{mode}/login"), &fields).await;
        let to = format!("/login?mode={mode}&username=alice&error=throttled");
        assert_eq!((login.status, login.header("location")), (StatusCode::SEE_OTHER, to.as_str()));
        let register = browser.submit("/api/register", &fields).await;
        assert_eq!(register.header("location"), "/register?username=alice&error=throttled");
    }

    async fn a_stranger_gains_nothing_by_naming_other_addresses(driver: Driver) {
        let site = behind_a_socket(Site::with_settings(driver, &[("THROTTLE_ANON", "2/min")]).await, "192.0.2.1");
        let (mut client, mode) = (site.client(Kind::Program), site.modes()[0].id.0);
        let mut answers = Vec::new();
        for n in 0..3 {
            answers.push(guess(&mut client, mode, &format!("203.0.113.{n}")).await.status.as_u16());
        }
        assert_eq!(answers, [401, 401, 429]);
    }

    async fn clients_behind_a_proxy_of_ours_are_counted_apart(driver: Driver) {
        let site = behind_a_socket(Site::with_settings(driver, &[("THROTTLE_ANON", "1/min")]).await, "10.0.0.0/8");
        let (mut client, mode) = (site.client(Kind::Program), site.modes()[0].id.0);
        let mut answers = Vec::new();
        for forwarded_for in ["203.0.113.1", "203.0.113.2", "198.51.100.9, 203.0.113.1"] {
            answers.push(guess(&mut client, mode, forwarded_for).await.status.as_u16());
        }
        assert_eq!(answers, [401, 401, 429]);
    }

    async fn a_rotation_too_many_is_throttled_too(driver: Driver) {
        let site = Site::with_settings(driver, &[("THROTTLE_USER", "1/hour")]).await;
        let mode = site.modes()[0];
        let mut client = site.signed_in(Kind::OwnPage, mode).await;
        let path = format!("/api/{}/rotate", mode.id);
        assert_eq!(client.post(&path, json!({})).await.status, StatusCode::OK);
        let refused = client.post(&path, json!({})).await;
        assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "3600"));
        assert_eq!(client.me(mode).await.status, StatusCode::OK);
    }

    async fn every_change_draws_on_the_one_count_of_its_user(driver: Driver) {
        let site = Site::with_settings(driver, &[("THROTTLE_USER", "1/hour")]).await;
        site.world.auth.register_as("root", PASSWORD, Role::Admin).await.unwrap();
        for mode in site.modes() {
            let mut root = site.client(Kind::Program);
            root.post(&format!("/api/{}/login", mode.id), json!({"username": "root", "password": PASSWORD})).await;
            root.kind = Kind::OldBrowser;
            root.post(&format!("/api/{}/rotate", mode.id), json!({"refresh": root.refresh})).await;
            for change in [
                "/api/{mode}/credentials/nothing/end",
                "/api/{mode}/credentials/end-others",
                "/api/admin/users/unknown/disable",
                "/api/admin/users/unknown/enable",
                "/api/admin/users/unknown/expire",
                "/api/account/password",
            ] {
                let path = change.replace("{mode}", mode.id.0);
                let new = "another gravel otter lampshade";
                let fields = json!({"password": PASSWORD, "current": PASSWORD, "new": new, "mode": mode.id});
                let answer = root.post(&path, fields).await;
                assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{path} by {}: {}", mode.id, answer.body);
            }
        }
    }
}
