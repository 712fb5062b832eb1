//! One application secret per database, and its change.

use super::*;
use crate::{Auth, Base, Hasher, Settings, db::db_execute, mode::ModeId, testing::PASSWORD, testing::request};

const NEW_SECRET: &[u8] = b"d0b1f6c27a8e4935b26e7f80c9a4d513";

/// Starts a process on the database of `world` with these secrets.
async fn started(world: &World, secret: &[u8], previous: Option<&[u8]>) -> Result<Auth, AuthError> {
    let db = world.auth.db().clone();
    let keys = Keys::with_previous(secret, previous, db.clone())?;
    let auth = Auth::new(Base::new(db, keys, Settings::default())?, world.clock.clone(), Hasher::new()?)?;
    auth.adopt_secret().await?;
    Ok(auth)
}

async fn fails(world: &World, secret: &[u8], previous: Option<&[u8]>) -> String {
    let Err(AuthError::Settings(error)) = started(world, secret, previous).await.map(drop) else { panic!("it starts") };
    error.to_string()
}

/// Signs in by each mode that seals or signs. A change of the ring can end only their credentials.
async fn log_in_everywhere(world: &World, auth: &Auth) -> Vec<(ModeId, http::request::Parts)> {
    let mut signed_in = Vec::new();
    for mode in world.modes() {
        let issued = auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
        signed_in.push((mode, crate::testing::present(&issued)));
    }
    signed_in
}

async fn signing_kid(auth: &Auth, now: Timestamp) -> Kid {
    signs_with(&auth.base.keys, now).await
}

async fn delete_keys(world: &World) -> Result<(), AuthError> {
    db_execute!(world.auth.db(), "delete from signing_keys");
    Ok(())
}

on_both_databases! {
    async fn a_process_with_another_secret_does_not_start(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        started(&world, APP_SECRET, None).await.unwrap();
        let message = fails(&world, NEW_SECRET, None).await;
        assert!(message.starts_with("APP_SECRET: ") && message.contains("APP_SECRET_PREVIOUS"), "{message}");
        assert!(!message.contains(std::str::from_utf8(NEW_SECRET).unwrap()), "{message}");
        started(&world, APP_SECRET, None).await.unwrap();
    }

    async fn of_two_processes_with_different_secrets_one_starts_on_a_new_database(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let (one, two) = tokio::join!(started(&world, APP_SECRET, None), started(&world, NEW_SECRET, None));
        assert!(one.is_ok() != two.is_ok());
    }

    async fn after_a_change_of_the_secret_older_credentials_are_accepted(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let old = started(&world, APP_SECRET, None).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let signed_in = log_in_everywhere(&world, &old).await;
        let new = started(&world, NEW_SECRET, Some(APP_SECRET)).await.unwrap();
        for (mode, req) in signed_in {
            assert!(new.identify(mode.0, &req).await.unwrap().is_some(), "{mode}");
        }
    }

    async fn a_new_secret_adds_a_key_that_is_published_before_it_signs(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        started(&world, APP_SECRET, None).await.unwrap();
        let new = started(&world, NEW_SECRET, Some(APP_SECRET)).await.unwrap();
        assert_eq!(signing_kid(&new, START).await.as_str(), "1");
        let kid = signing_kid(&new, START.plus(LEAD)).await;
        assert_ne!(kid.as_str(), "1");
        let derive = async |secret, previous| {
            let keys = Keys::with_previous(secret, previous, world.auth.db().clone()).unwrap();
            keys.ring(START).await.unwrap().derive::<32>("one", &kid).map(|key| key.to_vec())
        };
        assert_eq!(derive(NEW_SECRET, None).await.unwrap(), derive(APP_SECRET, Some(NEW_SECRET)).await.unwrap());
        assert!(derive(APP_SECRET, None).await.is_err());
    }

    async fn an_instance_that_still_has_the_old_secret_keeps_signing_with_it(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let old = started(&world, APP_SECRET, None).await.unwrap();
        started(&world, NEW_SECRET, Some(APP_SECRET)).await.unwrap();
        assert_eq!(signing_kid(&old, START.plus(LEAD)).await.as_str(), "1");
    }

    async fn the_previous_secret_is_needed_until_its_last_key_is_retired(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        started(&world, APP_SECRET, None).await.unwrap();
        let new = started(&world, NEW_SECRET, Some(APP_SECRET)).await.unwrap();
        world.clock.advance(LEAD);
        assert!(fails(&world, NEW_SECRET, None).await.contains("the key 1 "));
        new.retire_key("1").await.unwrap();
        started(&world, NEW_SECRET, None).await.unwrap();
    }

    async fn a_change_of_the_secret_adds_one_key_however_many_instances_start(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        started(&world, APP_SECRET, None).await.unwrap();
        let start = || started(&world, NEW_SECRET, Some(APP_SECRET));
        let (one, two) = tokio::join!(start(), start());
        one.and(two).unwrap();
        start().await.unwrap();
        assert_eq!(world.auth.keys().await.unwrap().len(), 2);
    }

    async fn a_restored_secret_adds_another_key(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        started(&world, APP_SECRET, None).await.unwrap();
        for (n, (secret, previous)) in [(NEW_SECRET, APP_SECRET), (APP_SECRET, NEW_SECRET), (NEW_SECRET, APP_SECRET)].into_iter().enumerate() {
            started(&world, secret, Some(previous)).await.unwrap();
            assert_eq!(world.auth.keys().await.unwrap().len(), n + 2);
            world.clock.advance(LEAD);
        }
    }

    async fn without_any_key_the_secret_adds_one_that_signs_at_once(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        started(&world, APP_SECRET, None).await.unwrap();
        delete_keys(&world).await.unwrap();
        let auth = started(&world, NEW_SECRET, None).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for (mode, req) in log_in_everywhere(&world, &auth).await {
            assert!(auth.identify(mode.0, &req).await.unwrap().is_some(), "{mode}");
        }
    }

    async fn the_fingerprint_is_not_a_plain_hash_of_the_secret(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        started(&world, APP_SECRET, None).await.unwrap();
        let dump = world.dump().await.unwrap();
        assert!(!dump.contains(SecretHash::of(APP_SECRET).as_str()));
        let secrets = Secrets::new(APP_SECRET, None).unwrap();
        assert!(dump.contains(secrets.fingerprint().as_str()));
    }
}
