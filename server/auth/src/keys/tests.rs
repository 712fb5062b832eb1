//! Rotation of the key ring, as seen by two instances on one database.

mod secrets;

use super::*;
use crate::{
    on_both_databases,
    testing::{APP_SECRET, START, World},
};

fn instance(world: &World) -> Keys {
    Keys::new(APP_SECRET, world.auth.db().clone()).unwrap()
}

fn new_key(active_from: Timestamp) -> NewKey {
    NewKey { kid: None, algorithm: SigningAlgorithm::Hs256, active_from }
}

async fn signs_with(keys: &Keys, now: Timestamp) -> Kid {
    keys.ring(now).await.unwrap().current(now).unwrap().kid.clone()
}

async fn accepts(keys: &Keys, kid: &Kid, now: Timestamp) -> bool {
    keys.ring(now).await.unwrap().find(kid.as_str(), now).is_some()
}

on_both_databases! {
    async fn a_new_database_has_one_key_that_signs(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        assert_eq!(signs_with(&instance(&world), START).await.as_str(), "1");
    }

    async fn a_new_key_is_known_everywhere_before_it_signs_anywhere(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let (here, there) = (instance(&world), instance(&world));
        let old = signs_with(&there, START).await;
        let new = here.rotate(new_key(START.plus(LEAD)), OVERLAP, START).await.unwrap();
        let known = START.plus(RING_REFRESH);
        assert_eq!(signs_with(&here, known).await, old);
        assert!(accepts(&there, &new.kid, known).await);
        assert_eq!(signs_with(&there, START.plus(LEAD)).await, new.kid);
    }

    async fn the_predecessor_is_accepted_until_the_overlap_ends(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let keys = instance(&world);
        let old = signs_with(&keys, START).await;
        keys.rotate(new_key(START), OVERLAP, START).await.unwrap();
        assert!(accepts(&keys, &old, START.plus(Seconds(OVERLAP.0 - 1))).await);
        assert!(!accepts(&keys, &old, START.plus(OVERLAP)).await);
    }

    async fn a_retired_key_is_refused_here_at_once_and_elsewhere_after_the_refresh(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let (here, there) = (instance(&world), instance(&world));
        let old = signs_with(&there, START).await;
        here.rotate(new_key(START), OVERLAP, START).await.unwrap();
        assert!(accepts(&there, &old, START).await);
        here.retire(old.as_str(), START).await.unwrap();
        assert!(!accepts(&here, &old, START).await);
        assert!(!accepts(&there, &old, START.plus(RING_REFRESH)).await);
    }

    async fn without_the_database_a_key_is_accepted_for_as_long_as_a_cached_key_set(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let keys = instance(&world);
        let kid = signs_with(&keys, START).await;
        world.auth.db().close().await;
        assert!(accepts(&keys, &kid, START.plus(Seconds(KEY_SET_MAX_AGE.0 - 1))).await);
        assert!(keys.ring(START.plus(KEY_SET_MAX_AGE)).await.is_err());
    }

    async fn a_key_that_is_retired_keeps_the_date_of_its_retirement(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let keys = instance(&world);
        keys.rotate(new_key(START), OVERLAP, START).await.unwrap();
        for seconds in [0, 60] {
            keys.retire("1", START.plus(Seconds(seconds))).await.unwrap();
        }
        let listed = keys.list().await.unwrap();
        assert_eq!(listed.iter().find(|key| key.kid.as_str() == "1").unwrap().retired_at, Some(START));
    }

    async fn the_last_key_that_signs_cannot_be_retired(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let keys = instance(&world);
        // A key that takes over in the future does not count: until then no login would succeed.
        keys.rotate(new_key(START.plus(LEAD)), OVERLAP, START).await.unwrap();
        assert!(matches!(keys.retire("1", START).await, Err(AuthError::LastKey)));
        assert_eq!(signs_with(&keys, START).await.as_str(), "1");
    }

    async fn retiring_a_key_removes_the_end_of_its_predecessor(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let keys = instance(&world);
        let old = signs_with(&keys, START).await;
        let mistake = keys.rotate(new_key(START), OVERLAP, START).await.unwrap().kid;
        keys.retire(mistake.as_str(), START).await.unwrap();
        assert_eq!(signs_with(&keys, START.plus(OVERLAP)).await, old);
    }

    async fn retiring_a_successor_keeps_the_latest_of_several_new_keys(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let keys = instance(&world);
        let second = keys.rotate(new_key(START.plus(LEAD)), OVERLAP, START).await.unwrap().kid;
        let third = keys.rotate(new_key(START.plus(Seconds::days(1))), OVERLAP, START).await.unwrap().kid;
        keys.retire(third.as_str(), START).await.unwrap();
        assert_eq!(signs_with(&keys, START.plus(Seconds::days(100))).await, second);
        assert!(!accepts(&keys, &Kid::new("1".to_owned()), START.plus(Seconds::days(100))).await);
    }

    async fn a_key_that_signs_at_once_replaces_one_that_was_only_published(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let keys = instance(&world);
        let published = keys.rotate(new_key(START.plus(LEAD)), OVERLAP, START).await.unwrap().kid;
        let at_once = keys.rotate(new_key(START), OVERLAP, START).await.unwrap().kid;
        assert!(!accepts(&keys, &published, START).await);
        assert_eq!(signs_with(&keys, START.plus(OVERLAP)).await, at_once);
    }

    async fn of_two_keys_that_take_over_in_one_second_the_later_signs(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let keys = instance(&world);
        for _ in 0..4 {
            let latest = keys.rotate(new_key(START), OVERLAP, START).await.unwrap().kid;
            assert_eq!(signs_with(&keys, START).await, latest);
        }
    }

    async fn of_two_concurrent_retirements_of_one_key_the_first_decides_the_date(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let (here, there) = (instance(&world), instance(&world));
        here.rotate(new_key(START), OVERLAP, START).await.unwrap();
        let later = START.plus(Seconds(60));
        let (one, two) = tokio::join!(here.retire("1", START), there.retire("1", later));
        assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
        let dates = async || here.list().await.unwrap().into_iter().find(|key| key.kid.as_str() == "1").unwrap().retired_at;
        let first = dates().await;
        there.retire("1", START.plus(Seconds(120))).await.unwrap();
        assert_eq!(dates().await, first);
        assert!([Some(START), Some(later)].contains(&first));
    }

    async fn concurrent_retirements_of_all_keys_leave_one_that_signs(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let instances = [instance(&world), instance(&world)];
        for _ in 0..30 {
            for _ in 0..3 {
                instances[0].rotate(new_key(START), OVERLAP, START).await.unwrap();
            }
            let keys = instances[0].list().await.unwrap();
            let retire = |(n, key): (usize, &Key)| {
                let (keys, kid) = (instances[n % 2].clone(), key.kid.clone());
                tokio::spawn(async move { keys.retire(kid.as_str(), START).await })
            };
            let tasks: Vec<_> = keys.iter().filter(|key| key.is_accepted(START)).enumerate().map(retire).collect();
            for task in tasks {
                let outcome = task.await.unwrap();
                assert!(matches!(outcome, Ok(()) | Err(AuthError::LastKey)), "{outcome:?}");
            }
            let left = instances[0].list().await.unwrap();
            assert_eq!(left.iter().filter(|key| key.is_accepted(START)).count(), 1);
            assert!(Key::that_signs(&left, START).is_some_and(|key| key.retired_at.is_none()));
        }
    }

    async fn an_unknown_key_cannot_be_retired(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        assert!(matches!(instance(&world).retire("2", START).await, Err(AuthError::UnknownKey)));
    }

    async fn a_key_name_is_unique(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let taken = NewKey { kid: Some(Kid::new("1".to_owned())), ..new_key(START) };
        assert!(matches!(instance(&world).rotate(taken, OVERLAP, START).await, Err(AuthError::KeyExists)));
    }

    async fn an_unknown_kid_finds_no_key(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        assert!(!accepts(&instance(&world), &Kid::new("../../dev/null".to_owned()), START).await);
    }

    async fn no_two_purposes_and_no_two_kids_share_a_key(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let two = instance(&world).rotate(new_key(START), OVERLAP, START).await.unwrap().kid;
        let ring = instance(&world).ring(START).await.unwrap();
        let one = Kid::new("1".to_owned());
        let first = ring.derive::<32>("one", &one).unwrap();
        assert_ne!(first.as_slice(), ring.derive::<32>("two", &one).unwrap().as_slice());
        assert_ne!(first.as_slice(), ring.derive::<32>("one", &two).unwrap().as_slice());
    }

    async fn no_key_is_derived_for_a_name_outside_the_ring(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let ring = instance(&world).ring(START).await.unwrap();
        assert!(ring.derive::<32>("one", &Kid::new("2".to_owned())).is_err());
    }

    async fn every_instance_derives_the_same_key(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let (here, there) = (instance(&world).ring(START).await.unwrap(), instance(&world).ring(START).await.unwrap());
        let kid = Kid::new("1".to_owned());
        assert_eq!(here.derive::<32>("one", &kid).unwrap().as_slice(), there.derive::<32>("one", &kid).unwrap().as_slice());
    }
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let world = World::new(crate::testing::Driver::Sqlite).await.unwrap();
    let keys = instance(&world);
    let text = format!("{keys:?} {:?}", keys.ring(START).await.unwrap());
    assert!(!text.contains(std::str::from_utf8(APP_SECRET).unwrap()), "{text}");
}

#[test]
fn a_key_name_has_no_special_character_of_a_cookie_a_header_or_a_path() {
    assert_eq!(Kid::parse("EdDSA-1").unwrap().as_str(), "EdDSA-1");
    for text in ["", "2025.06", "../key", "a;b", "a b", "schl\u{fc}ssel", &"k".repeat(65)] {
        assert!(Kid::parse(text).is_none(), "{text}");
    }
}
