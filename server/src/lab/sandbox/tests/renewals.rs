//! Several renewals of one credential.

use super::*;

async fn strict(action: Action) -> SandboxReport {
    let sandbox = open_with(Choices { policy: Policy::Strict, ..Choices::default() }).await;
    sandbox.act(action, None).await.unwrap();
    sandbox.report().await.unwrap()
}

fn count(column: &Column, verdict: Verdict) -> usize {
    column.race.as_ref().unwrap().attempts.iter().filter(|attempt| attempt.verdict == verdict).count()
}

#[tokio::test]
async fn eight_tabs_that_renew_at_once_stay_signed_in() {
    for column in after(Check::Account, &[Action::Renew(Renewals::Tabs)]).await.columns {
        let race = column.race.as_ref().unwrap();
        assert!(race.alive, "{}", column.mode.name);
        if column.mode.renews_silently {
            assert_eq!((count(&column, Verdict::Rotated), count(&column, Verdict::Retry), race.issued), (1, 7, 1));
        }
    }
}

#[tokio::test]
async fn after_a_race_of_tabs_the_owner_can_rotate_again() {
    for column in after(Check::Account, &[Action::Renew(Renewals::Tabs), Action::Each(Each::Rotate)]).await.columns {
        assert_eq!(column.exchange.as_ref().unwrap().status, 200, "{}", column.mode.name);
    }
}

#[tokio::test]
async fn of_eight_programs_that_renew_one_stored_credential_one_wins() {
    for column in after(Check::Account, &[Action::Renew(Renewals::Programs)]).await.columns {
        let race = column.race.as_ref().unwrap();
        let (rotated, expected) = (count(&column, Verdict::Rotated), if column.mode.remembers { 1 } else { 8 });
        assert_eq!((rotated, race.issued), (expected, expected), "{}: {race:?}", column.mode.name);
        // A second use of a refresh token by another caller is a theft.
        assert_eq!(race.alive, !column.mode.renews_silently, "{}: {race:?}", column.mode.name);
    }
}

#[tokio::test]
async fn a_strict_policy_ends_the_sign_in_of_tabs_that_renew_at_once() {
    for column in strict(Action::Renew(Renewals::Tabs)).await.columns {
        assert_eq!(column.race.as_ref().unwrap().alive, !column.mode.remembers, "{}", column.mode.name);
    }
}

#[tokio::test]
async fn a_theft_is_detected_where_a_second_use_ends_the_sign_in_by_either_order() {
    for first in [Action::Renew(Renewals::ThiefFirst), Action::Renew(Renewals::OwnerFirst)] {
        for column in strict(first).await.columns {
            let story = column.story.as_ref().unwrap();
            let stays = !column.mode.remembers;
            assert_eq!((story.owner_works, story.thief_works), (stays, stays), "{first:?} {}", column.mode.name);
        }
    }
}

#[tokio::test]
async fn by_default_who_renews_first_keeps_a_stored_credential_that_has_no_refresh_token() {
    for (first, owner, thief) in
        [(Action::Renew(Renewals::ThiefFirst), false, true), (Action::Renew(Renewals::OwnerFirst), true, false)]
    {
        for column in after(Check::Account, &[first]).await.columns {
            let story = column.story.as_ref().unwrap();
            let expected = match (column.mode.remembers, column.mode.renews_silently) {
                (false, _) => (true, true),
                (true, true) => (false, false),
                (true, false) => (owner, thief),
            };
            assert_eq!((story.owner_works, story.thief_works), expected, "{first:?} {}", column.mode.name);
        }
    }
}
