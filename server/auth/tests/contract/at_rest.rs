//! A stolen copy of the database.

use auth::{
    AuthError, BodyCredential, ExpectedToken, SecretString, on_both_databases,
    testing::{PASSWORD, World, present, request},
};

use crate::{is_signed_in, signed_in_everywhere, unthrottled};

on_both_databases! {
    async fn the_database_holds_no_secret(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mut secrets = vec![PASSWORD.to_owned()];
        for mode in world.modes() {
            let first = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            let second = world.auth.rotate(mode.0, &present(&first)).await.unwrap();
            for issued in [&first, &second] {
                let req = present(issued);
                for (_, value) in &req.headers {
                    secrets.extend(value.to_str().unwrap().split(['=', ' ']).skip(1).map(str::to_owned));
                }
                secrets.extend(BodyCredential::of(&req).map(|token| token.expose().to_owned()));
            }
        }
        let dump = world.dump().await.unwrap();
        assert!(dump.contains("alice"), "the dump is incomplete");
        for secret in secrets.iter().filter(|secret| secret.len() > 8) {
            assert!(!dump.contains(secret.as_str()), "found {secret}");
        }
    }

    async fn no_value_of_a_database_dump_is_a_credential(driver: Driver) {
        let world = unthrottled(driver).await;
        for (mode, req) in signed_in_everywhere(&world).await {
            world.auth.rotate(mode.0, &req).await.unwrap();
        }
        let values = world.every_value().await.unwrap();
        assert!(values.len() > 30 && values.iter().any(|value| value == "alice"), "the dump is incomplete");
        for value in values.iter().filter(|value| !value.contains(|c: char| c.is_control())) {
            for mode in world.auth.modes() {
                let mut req = request(&[("authorization", &format!("Bearer {value}"))]);
                if let Some(cookie) = mode.cookie {
                    req.headers.insert("cookie", format!("{cookie}={value}").parse().unwrap());
                }
                assert!(!is_signed_in(&world, mode.id, &req).await, "{}: {value}", mode.id);
                req.extensions.insert(BodyCredential(SecretString::new(value.clone())));
                assert!(world.auth.rotate(mode.id.0, &req).await.is_err(), "{}: rotated by {value}", mode.id);
            }
            for expected in [ExpectedToken::Access, ExpectedToken::Refresh] {
                let found = world.auth.introspect(value, expected, &request(&[])).await.unwrap();
                assert!(found.is_none(), "{value} is an active token");
            }
        }
        // As a password: every value of sufficient length.
        for value in values.iter().filter(|value| value.len() >= 15) {
            let mode = world.modes()[0].0;
            let login = world.auth.login(mode, "alice", value, &request(&[])).await;
            assert!(matches!(login, Err(AuthError::InvalidCredentials)), "the password {value}: {login:?}");
        }
    }
}
