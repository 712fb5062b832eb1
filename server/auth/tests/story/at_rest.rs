//! What a copy of the database is good for.

use auth::{
    on_both_databases,
    testing::{PASSWORD, World, present, request},
};

on_both_databases! {
    async fn the_database_holds_no_secret(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mut secrets = vec![PASSWORD.to_owned()];
        for mode in world.modes() {
            let first = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            let second = world.auth.rotate(mode.0, &present(&first)).await.unwrap();
            for issued in [&first, &second] {
                for (_, value) in &present(issued).headers {
                    secrets.extend(value.to_str().unwrap().split(['=', ' ']).skip(1).map(str::to_owned));
                }
            }
        }
        let dump = world.dump().await.unwrap();
        assert!(dump.contains("alice"), "the dump is no dump");
        for secret in secrets.iter().filter(|secret| secret.len() > 8) {
            assert!(!dump.contains(secret.as_str()), "found {secret}");
        }
    }
}
