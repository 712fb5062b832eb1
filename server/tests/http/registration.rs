//! `POST /api/register`

use auth::{on_both_databases, testing::PASSWORD};
use http::StatusCode;
use serde_json::json;

use crate::client::{Kind, Site};

on_both_databases! {
    async fn a_new_account_can_log_in_by_every_mode(driver: Driver) {
        let site = Site::new(driver).await;
        let mut client = site.client(Kind::OwnPage);
        let made = client.post("/api/register", json!({"username": "Bob", "password": PASSWORD})).await;
        assert_eq!((made.status, &made.json()["username"]), (StatusCode::CREATED, &json!("bob")));
        assert!(client.cookies.is_empty());
        for mode in site.modes() {
            let body = json!({"username": "BOB", "password": PASSWORD});
            assert_eq!(client.post(&format!("/api/{}/login", mode.id), body).await.status, StatusCode::OK);
        }
    }

    async fn a_taken_name_is_answered_like_a_free_one(driver: Driver) {
        let site = Site::new(driver).await;
        let mut client = site.client(Kind::OwnPage);
        let shape = |answer: crate::client::Answer| {
            let body = answer.json();
            let mut keys: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
            keys.sort();
            (answer.status, keys, body["id"].as_str().unwrap().len())
        };
        let free = client.post("/api/register", json!({"username": "bob", "password": PASSWORD})).await;
        let taken = client.post("/api/register", json!({"username": "bob", "password": "another long passphrase"})).await;
        assert_eq!(shape(free), shape(taken));
    }

    async fn every_field_that_is_wrong_is_named(driver: Driver) {
        let site = Site::new(driver).await;
        let mut client = site.client(Kind::OwnPage);
        let answer = client.post("/api/register", json!({"username": "a b", "password": "short"})).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        let body = answer.json();
        assert_eq!(body["code"], "invalid");
        assert!(body["username"].is_array() && body["password"].is_array(), "{body}");
    }
}
