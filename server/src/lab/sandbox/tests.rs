use app::lab::{StepKind, Verdict};

use super::*;
use crate::lab::action::{Check, Policy};

const NOW: Timestamp = Timestamp(1_800_000_000);

async fn open(check: Check) -> Sandbox {
    open_with(Choices { check, ..Choices::default() }).await
}

async fn open_with(choices: Choices) -> Sandbox {
    Sandbox::open(Hasher::new().unwrap(), "target/site", choices, NOW).await.unwrap()
}

async fn strict(action: Action) -> SandboxReport {
    let sandbox = open_with(Choices { policy: Policy::Strict, ..Choices::default() }).await;
    sandbox.act(action, None).await.unwrap();
    sandbox.report().await.unwrap()
}

async fn after(check: Check, actions: &[Action]) -> SandboxReport {
    let sandbox = open(check).await;
    for action in actions {
        sandbox.act(*action, None).await.unwrap();
    }
    sandbox.report().await.unwrap()
}

/// The seconds for which the copy of each mode worked.
fn delays(report: &SandboxReport) -> Vec<(String, Option<i64>)> {
    let delay = |column: &Column| {
        let found = column.thief.as_ref().and_then(|thief| thief.found.as_ref()).unwrap();
        (column.mode.name.clone(), found.refused_at.map(|at| at - found.from))
    };
    report.columns.iter().map(delay).collect()
}

#[tokio::test]
async fn every_mode_logs_in_and_is_recognised() {
    for action in [Action::LogIn, Action::Me, Action::Rotate] {
        let report = after(Check::Account, &[Action::LogIn, action]).await;
        for column in &report.columns {
            let exchange = column.exchange.as_ref().unwrap();
            assert_eq!(exchange.status, 200, "{action:?} {}: {:?}", column.mode.name, exchange.response_body);
            assert!(!column.owner.is_empty(), "{}", column.mode.name);
        }
    }
}

#[tokio::test]
async fn me_reads_the_database_as_often_as_the_access_check_says() {
    for (check, stateless) in [(Check::Signature, 0), (Check::Account, 1), (Check::SignIn, 1)] {
        let report = after(check, &[Action::LogIn, Action::Me]).await;
        for column in &report.columns {
            let expected = if column.mode.remembers && !column.mode.renews_silently { 1 } else { stateless };
            let cost = &column.exchange.as_ref().unwrap().cost;
            let steps: Vec<_> = cost.steps.iter().map(|step| &step.name).collect();
            assert_eq!(cost.count(StepKind::Statement), expected, "{check:?} {}: {steps:?}", column.mode.name);
        }
    }
}

#[tokio::test]
async fn no_copy_outlives_a_logout_everywhere() {
    let report = after(Check::Account, &[Action::LogIn, Action::Steal, Action::LogOutEverywhere, Action::Measure]);
    for (mode, delay) in delays(&report.await) {
        assert_eq!(delay, Some(0), "{mode}");
    }
}

#[tokio::test]
async fn a_copy_is_refused_at_the_instant_that_the_logout_announces() {
    for check in [Check::Signature, Check::Account, Check::SignIn] {
        let report = after(check, &[Action::LogIn, Action::Steal, Action::LogOut, Action::Measure]).await;
        for column in &report.columns {
            let thief = column.thief.as_ref().unwrap();
            let refused_at = thief.found.as_ref().unwrap().refused_at;
            assert!(refused_at.is_some() && refused_at <= thief.announced, "{check:?} {}: {thief:?}", column.mode.name);
        }
    }
}

#[tokio::test]
async fn a_disabled_account_cannot_log_in_until_it_is_enabled() {
    let report = after(Check::Account, &[Action::Disable, Action::LogIn]).await;
    assert!(report.columns.iter().all(|column| column.exchange.as_ref().unwrap().status == 401));
    let report = after(Check::Account, &[Action::Disable, Action::Enable, Action::LogIn]).await;
    assert!(report.columns.iter().all(|column| column.exchange.as_ref().unwrap().status == 200));
}

#[tokio::test]
async fn a_change_of_the_password_keeps_the_sign_in_that_made_it_and_no_other() {
    let report = after(Check::Account, &[Action::LogIn, Action::ChangePassword, Action::Me]).await;
    let statuses: Vec<_> = report.columns.iter().map(|column| column.exchange.as_ref().unwrap().status).collect();
    assert_eq!(statuses, [&[200][..], &vec![401; statuses.len() - 1]].concat());
}

#[tokio::test]
async fn a_retired_key_ends_exactly_what_it_sealed_or_signed() {
    let sandbox = open(Check::Account).await;
    for action in [Action::LogIn, Action::RetireKey, Action::Me] {
        sandbox.act(action, None).await.unwrap();
    }
    for column in sandbox.report().await.unwrap().columns {
        let info = sandbox.auth.mode(&column.mode.id.0).unwrap();
        let expected = if info.needs_key { 401 } else { 200 };
        assert_eq!(column.exchange.unwrap().status, expected, "{}", column.mode.name);
    }
}

#[tokio::test]
async fn the_page_shows_no_credential() {
    let sandbox = open(Check::Account).await;
    for action in [Action::LogIn, Action::Steal, Action::Rotate, Action::ThiefMe] {
        sandbox.act(action, None).await.unwrap();
        let report = format!("{:?}", sandbox.report().await.unwrap());
        let state = sandbox.state.lock().await;
        for secret in state.columns.iter().flat_map(|column| column.owner.secrets()) {
            assert!(!report.contains(&secret), "{action:?}");
        }
    }
}

#[tokio::test]
async fn two_sandboxes_share_neither_clock_nor_sign_in() {
    let (one, other) = (open(Check::Account).await, open(Check::Account).await);
    one.act(Action::LogIn, None).await.unwrap();
    one.act(Action::TwelveHours, None).await.unwrap();
    let report = other.report().await.unwrap();
    assert_eq!(report.moved, 0);
    assert!(report.columns.iter().all(|column| column.owner.is_empty()));
}

#[tokio::test]
async fn what_an_action_changes_is_marked_until_the_next_one() {
    let sandbox = open(Check::Account).await;
    sandbox.act(Action::LogIn, None).await.unwrap();
    let changed = |report: &SandboxReport| {
        report.columns.iter().flat_map(|column| &column.owner).filter(|holding| holding.changed).count()
    };
    let report = sandbox.report().await.unwrap();
    assert!(changed(&report) >= report.columns.len());
    sandbox.act(Action::Me, Some("no mode")).await.unwrap();
    assert_eq!(changed(&sandbox.report().await.unwrap()), 0);
}

fn count(column: &Column, verdict: Verdict) -> usize {
    column.race.as_ref().unwrap().attempts.iter().filter(|attempt| attempt.verdict == verdict).count()
}

#[tokio::test]
async fn eight_tabs_that_renew_at_once_stay_signed_in() {
    for column in after(Check::Account, &[Action::RaceTabs]).await.columns {
        let race = column.race.as_ref().unwrap();
        assert!(race.alive, "{}", column.mode.name);
        if column.mode.renews_silently {
            assert_eq!((count(&column, Verdict::Rotated), count(&column, Verdict::Retry), race.issued), (1, 7, 1));
        }
    }
}

#[tokio::test]
async fn after_a_race_of_tabs_the_owner_can_rotate_again() {
    for column in after(Check::Account, &[Action::RaceTabs, Action::Rotate]).await.columns {
        assert_eq!(column.exchange.as_ref().unwrap().status, 200, "{}", column.mode.name);
    }
}

#[tokio::test]
async fn of_eight_programs_that_renew_one_stored_credential_one_wins() {
    for column in after(Check::Account, &[Action::RacePrograms]).await.columns {
        let race = column.race.as_ref().unwrap();
        let (rotated, expected) = (count(&column, Verdict::Rotated), if column.mode.remembers { 1 } else { 8 });
        assert_eq!((rotated, race.issued), (expected, expected), "{}: {race:?}", column.mode.name);
        // A second use of a refresh token by another caller is a theft.
        assert_eq!(race.alive, !column.mode.renews_silently, "{}: {race:?}", column.mode.name);
    }
}

#[tokio::test]
async fn a_strict_policy_ends_the_sign_in_of_tabs_that_renew_at_once() {
    for column in strict(Action::RaceTabs).await.columns {
        assert_eq!(column.race.as_ref().unwrap().alive, !column.mode.remembers, "{}", column.mode.name);
    }
}

#[tokio::test]
async fn a_theft_is_detected_where_a_second_use_ends_the_sign_in_by_either_order() {
    for first in [Action::ThiefFirst, Action::OwnerFirst] {
        for column in strict(first).await.columns {
            let story = column.story.as_ref().unwrap();
            let stays = !column.mode.remembers;
            assert_eq!((story.owner_works, story.thief_works), (stays, stays), "{first:?} {}", column.mode.name);
        }
    }
}

#[tokio::test]
async fn by_default_who_renews_first_keeps_a_stored_credential_that_has_no_refresh_token() {
    for (first, owner, thief) in [(Action::ThiefFirst, false, true), (Action::OwnerFirst, true, false)] {
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

#[tokio::test]
async fn the_standing_clock_throttles_no_login() {
    let report = after(Check::Account, &[Action::LogIn; 30]).await;
    assert!(report.columns.iter().all(|column| column.exchange.as_ref().unwrap().status == 200));
}
