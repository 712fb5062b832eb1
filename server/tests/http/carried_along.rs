//! Ending all other sign-ins, and changing the password: the caller's own sign-in continues with a new credential.

use auth::{ModeInfo, Seconds, on_both_databases, testing::PASSWORD};
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::client::{Answer, Client, Kind, Site};

const NEW_PASSWORD: &str = "another gravel otter lampshade";

async fn end_others(client: &mut Client, mode: &ModeInfo, body: Value) -> Answer {
    client.post(&format!("/api/{}/credentials/end-others", mode.id), body).await
}

async fn delete(client: &mut Client, mode: &ModeInfo, id: &str, body: Value) -> Answer {
    let request =
        Request::delete(format!("/api/{}/credentials/{id}", mode.id)).header("content-type", "application/json");
    client.send(request.body(body.to_string().into()).unwrap()).await
}

async fn listed(client: &mut Client, mode: &ModeInfo, query: &str) -> Vec<Value> {
    client.get(&format!("/api/{}/credentials{query}", mode.id)).await.json().as_array().unwrap().clone()
}

fn assert_field(answer: &Answer, field: &str, message: &str) {
    assert_eq!((answer.status, &answer.json()[field]), (StatusCode::BAD_REQUEST, &json!([message])), "{}", answer.body);
}

const REQUIRED: &str = "This field is required.";
const WRONG: &str = "Current password is incorrect.";

on_both_databases! {
    async fn ending_the_others_keeps_the_callers_sign_in_with_its_dates_and_a_new_credential(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut others = Vec::new();
            for other in site.modes() {
                others.push((other, site.signed_in(Kind::OwnPage, other).await));
            }
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            let mut copy = client.clone();
            let before = client.me(mode).await.json();
            site.world.clock.advance(Seconds(60));
            let ended = end_others(&mut client, mode, json!({"password": PASSWORD})).await;
            assert_eq!(ended.status, StatusCode::OK, "{}: {}", mode.id, ended.body);
            assert_eq!((ended.header("x-rotation"), ended.header("x-revocation")), ("rotated", "immediate"), "{}", mode.id);
            let after = client.me(mode).await.json();
            assert_eq!(after["auth"]["absolute_expires_at"], before["auth"]["absolute_expires_at"], "{}", mode.id);
            assert_eq!(after["auth"]["generation"], 2, "{}", mode.id);
            assert_eq!(copy.me(mode).await.status, StatusCode::UNAUTHORIZED, "{}: a copy of the old one", mode.id);
            for (other, mut client) in others {
                assert_eq!(client.me(other).await.status, StatusCode::UNAUTHORIZED, "{} by {}", other.id, mode.id);
            }
        }
    }

    async fn ending_the_others_asks_for_the_password(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            assert_field(&end_others(&mut client, mode, json!({})).await, "password", REQUIRED);
            assert_field(&end_others(&mut client, mode, json!({"password": "wrong"})).await, "password", WRONG);
            assert_eq!(client.me(mode).await.status, StatusCode::OK, "{}", mode.id);
        }
    }

    async fn of_two_such_calls_at_once_one_comes_first(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut one = site.signed_in(Kind::OwnPage, mode).await;
            let mut two = one.clone();
            let body = json!({"password": PASSWORD});
            let (one, two) = tokio::join!(end_others(&mut one, mode, body.clone()), end_others(&mut two, mode, body));
            let (first, second) = if one.status == StatusCode::OK { (one, two) } else { (two, one) };
            assert_eq!(first.status, StatusCode::OK, "{}: {}", mode.id, first.body);
            // 401 if the first call ended before the second one began: the first one has replaced the credential.
            let told = (second.status, second.json()["code"].clone());
            let expected =
                [(StatusCode::CONFLICT, json!("conflict")), (StatusCode::UNAUTHORIZED, json!("token_not_valid"))];
            assert!(expected.contains(&told), "{}: {}", mode.id, second.body);
        }
    }

    async fn a_change_of_the_password_is_answered_as_a_rotation_in_every_mode(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            let mut other = site.signed_in(Kind::OwnPage, mode).await;
            for (current, new) in [(PASSWORD, NEW_PASSWORD), (NEW_PASSWORD, PASSWORD)] {
                let body = json!({"current": current, "new": new, "mode": mode.id});
                let changed = client.post("/api/account/password", body).await;
                assert_eq!(changed.status, StatusCode::OK, "{}: {}", mode.id, changed.body);
                assert_eq!((changed.header("x-rotation"), changed.header("x-revocation")), ("rotated", "immediate"));
                assert_eq!(client.me(mode).await.status, StatusCode::OK, "{}", mode.id);
                assert_eq!(other.me(mode).await.status, StatusCode::UNAUTHORIZED, "{}", mode.id);
            }
            assert_eq!(client.me(mode).await.json()["auth"]["generation"], 3, "{}", mode.id);
        }
    }

    async fn a_wrong_password_is_told_at_the_field_that_asked_for_it(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            let body = json!({"current": "wrong", "new": NEW_PASSWORD, "mode": mode.id});
            assert_field(&client.post("/api/account/password", body).await, "current", WRONG);
        }
    }

    async fn ending_another_sign_in_asks_for_the_password(driver: Driver) {
        let site = Site::new(driver).await;
        let Some(listing) = site.modes().into_iter().find(|mode| mode.remembers) else { return };
        for mode in site.modes() {
            let mut other = site.signed_in(Kind::OwnPage, listing).await;
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            let entries = listed(&mut other, listing, "").await;
            let its_own = entries.iter().find(|entry| entry["current"] == true).unwrap();
            let id = its_own["id"].as_str().unwrap();
            assert_field(&delete(&mut client, mode, id, json!({})).await, "password", REQUIRED);
            assert_field(&delete(&mut client, mode, id, json!({"password": "wrong"})).await, "password", WRONG);
            assert_eq!(other.me(listing).await.status, StatusCode::OK, "{}", mode.id);
            let ended = delete(&mut client, mode, id, json!({"password": PASSWORD})).await;
            assert_eq!((ended.status, ended.body.as_str()), (StatusCode::NO_CONTENT, ""), "{}", mode.id);
            assert_eq!(other.me(listing).await.status, StatusCode::UNAUTHORIZED, "{}", mode.id);
            let again = delete(&mut client, mode, id, json!({"password": PASSWORD})).await;
            assert_eq!(again.status, StatusCode::NOT_FOUND, "{}", mode.id);
        }
    }

    async fn ending_the_own_sign_in_asks_for_no_password(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes().into_iter().filter(|mode| mode.remembers) {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            let entries = listed(&mut client, mode, "").await;
            let own = entries.iter().find(|entry| entry["current"] == true).unwrap();
            let ended = delete(&mut client, mode, own["id"].as_str().unwrap(), json!({})).await;
            assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}: {}", mode.id, ended.body);
        }
    }

    async fn the_list_goes_on_after_the_last_id_of_a_page(driver: Driver) {
        let site = Site::new(driver).await;
        let Some(mode) = site.modes().into_iter().find(|mode| mode.remembers) else { return };
        site.signed_in(Kind::OwnPage, mode).await;
        site.signed_in(Kind::OwnPage, mode).await;
        let mut client = site.signed_in(Kind::OwnPage, mode).await;
        let all = listed(&mut client, mode, "").await;
        assert_eq!(all.len(), 3);
        let rest = listed(&mut client, mode, &format!("?after={}", all[0]["id"].as_str().unwrap())).await;
        assert_eq!(rest, all[1..]);
        for end in [all[2]["id"].as_str().unwrap(), "nothing", "%00"] {
            assert_eq!(listed(&mut client, mode, &format!("?after={end}")).await, Vec::<Value>::new(), "{end}");
        }
    }

    async fn a_form_reports_until_when_an_ended_credential_may_work(driver: Driver) {
        let site = Site::with_settings(driver, &[("ACCESS_CHECK", "signature")]).await;
        for mode in site.cookie_modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let others = format!("/api/{}/credentials/end-others", mode.id);
            for (path, fields) in [
                (others.as_str(), [("password", PASSWORD)].as_slice()),
                ("/api/account/password", &[("current", PASSWORD), ("new", NEW_PASSWORD), ("mode", mode.id.0)]),
                ("/api/account/password", &[("current", NEW_PASSWORD), ("new", PASSWORD), ("mode", mode.id.0)]),
            ] {
                let answer = browser.submit(path, fields).await;
                let (location, header) = (answer.header("location"), answer.header("x-revocation"));
                let ended = format!("&ended={}", header.replace("; ", "&"));
                assert!(!header.is_empty() && location.ends_with(&ended), "{location}: {header}");
                let page = browser.get(location).await.body;
                assert_eq!(page.contains("may work until"), header != "immediate", "{location}");
                let forged = browser.get(&format!("/account/{}?done=others", mode.id)).await.body;
                assert!(!forged.contains("All other sign-ins of this account have ended"), "{}", mode.id);
            }
        }
    }

    async fn a_form_of_the_account_page_is_led_back_to_it_with_what_was_wrong(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let others = format!("/api/{}/credentials/end-others", mode.id);
            for (path, fields, query) in [
                (others.as_str(), &[("password", "")][..], "error=blank&field=password"),
                (&others, &[("password", "wrong")], "error=wrong_password&field=password"),
                ("/api/account/password", &[("current", "wrong"), ("new", NEW_PASSWORD)], "error=wrong_password&field=current"),
                (&others, &[("password", PASSWORD)], "done=others&ended=immediate"),
            ] {
                let fields = [fields, &[("mode", mode.id.0)]].concat();
                let answer = browser.submit(path, &fields).await;
                let to = format!("/account/{}?{query}", mode.id);
                assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, to.as_str()), "{path}");
            }
            assert_eq!(browser.me(mode).await.status, StatusCode::OK, "{}", mode.id);
        }
    }
}
