//! `/api/{mode}/rotate/…`: what a replaced credential still does.

use auth::{Seconds, on_both_databases};
use http::StatusCode;
use serde_json::json;

use crate::client::{Kind, Site};

on_both_databases! {
    async fn a_trial_reports_what_really_becomes_of_the_predecessor(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let mut old = browser.clone();
            let trial = browser.post(&format!("/api/{}/rotate/trial", mode.id), json!({})).await;
            assert_eq!(trial.status, StatusCode::OK, "{}: {}", mode.id, trial.body);
            let claimed = trial.json()["to_sign_in"]["verdict"] == "accepted";
            assert_eq!(old.me(mode).await.status == StatusCode::OK, claimed, "{}", mode.id);
            assert_eq!(browser.me(mode).await.json()["auth"]["generation"], 2, "{}", mode.id);
        }
    }

    async fn a_replay_reports_what_became_of_it_and_returns_no_credential(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes().into_iter().filter(|mode| mode.remembers) {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            browser.post(&format!("/api/{}/rotate", mode.id), json!({})).await;
            site.world.clock.advance(Seconds(11));
            let answer = browser.post(&format!("/api/{}/rotate/replay", mode.id), json!({})).await;
            assert_eq!((answer.status, answer.header("set-cookie")), (StatusCode::OK, ""), "{}", mode.id);
            let body = answer.json();
            let (reason, ended) = (body["outcome"]["reason"].clone(), body["outcome"]["ends_sign_in"].clone());
            let outcome = json!({"verdict": "refused", "reason": reason, "ends_sign_in": ended});
            assert_eq!(body, json!({"generation": 1, "outcome": outcome}), "{}", mode.id);
            let rotated = browser.post(&format!("/api/{}/rotate", mode.id), json!({})).await;
            assert_eq!(rotated.status == StatusCode::UNAUTHORIZED, ended == json!(true), "{}", mode.id);
        }
    }
}
