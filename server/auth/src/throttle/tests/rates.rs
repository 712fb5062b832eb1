//! Configured rates: off, and invalid values.

use super::*;
use crate::{
    Settings, on_both_databases,
    testing::{APP_SECRET, START},
};

on_both_databases! {
    async fn a_rate_that_is_off_limits_no_client(driver: Driver) {
        let off = ["THROTTLE_ANON", "THROTTLE_ACCOUNT", "THROTTLE_ACCOUNT_TOTAL"].map(|name| (name, "off"));
        let world = World::with_settings(driver, &off).await.unwrap();
        fail(&world.auth.throttle, "alice", "203.0.113.7", 150, START).await;
        for _ in 0..150 {
            world.auth.throttle.admit_anonymous(&from("203.0.113.7"), START).await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_invalid_rate_fails_at_start() {
    let settings = Settings::new([("THROTTLE_ANON".to_owned(), "none".to_owned())]);
    let db = Db::connect("sqlite::memory:").await.unwrap();
    assert!(Throttle::new(&Base::new(db.clone(), Keys::new(APP_SECRET, db).unwrap(), settings).unwrap()).is_err());
}
