//! Each test walks the list of modes.

mod copies;
mod renewals;

use app::lab::{AccountEnd, Check, Each, Renewals, StepKind, Verdict, Wait};

use super::*;

const NOW: Timestamp = Timestamp(1_800_000_000);

async fn open(check: Check) -> Sandbox {
    open_with(Choices { access_check: check, ..Choices::default() }).await
}

async fn open_with(choices: Choices) -> Sandbox {
    Sandbox::open(Hasher::new().unwrap(), "target/site", choices, NOW).await.unwrap()
}

async fn after(check: Check, actions: &[Action]) -> SandboxReport {
    let sandbox = open(check).await;
    for action in actions {
        sandbox.act(*action, None).await.unwrap();
    }
    sandbox.report().await.unwrap()
}

#[tokio::test]
async fn every_mode_logs_in_and_is_recognised() {
    for action in [Action::Each(Each::LogIn), Action::Each(Each::Me), Action::Each(Each::Rotate)] {
        let report = after(Check::Account, &[Action::Each(Each::LogIn), action]).await;
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
        let report = after(check, &[Action::Each(Each::LogIn), Action::Each(Each::Me)]).await;
        for column in &report.columns {
            let expected = if column.mode.remembers && !column.mode.renews_silently { 1 } else { stateless };
            let cost = &column.exchange.as_ref().unwrap().cost;
            let steps: Vec<_> = cost.steps.iter().map(|step| &step.name).collect();
            assert_eq!(cost.count(StepKind::Statement), expected, "{check:?} {}: {steps:?}", column.mode.name);
        }
    }
}

#[tokio::test]
async fn a_disabled_account_cannot_log_in_until_it_is_enabled() {
    let report = after(Check::Account, &[Action::End(AccountEnd::Disable), Action::Each(Each::LogIn)]).await;
    assert!(report.columns.iter().all(|column| column.exchange.as_ref().unwrap().status == 401));
    let report = after(
        Check::Account,
        &[Action::End(AccountEnd::Disable), Action::End(AccountEnd::Enable), Action::Each(Each::LogIn)],
    )
    .await;
    assert!(report.columns.iter().all(|column| column.exchange.as_ref().unwrap().status == 200));
}

#[tokio::test]
async fn a_change_of_the_password_keeps_the_sign_in_that_made_it_and_no_other() {
    let report = after(
        Check::Account,
        &[Action::Each(Each::LogIn), Action::End(AccountEnd::ChangePassword), Action::Each(Each::Me)],
    )
    .await;
    let statuses: Vec<_> = report.columns.iter().map(|column| column.exchange.as_ref().unwrap().status).collect();
    assert_eq!(statuses, [&[200][..], &vec![401; statuses.len() - 1]].concat());
}

#[tokio::test]
async fn a_retired_key_ends_exactly_what_it_sealed_or_signed() {
    let sandbox = open(Check::Account).await;
    for action in [Action::Each(Each::LogIn), Action::End(AccountEnd::RetireKey), Action::Each(Each::Me)] {
        sandbox.act(action, None).await.unwrap();
    }
    for column in sandbox.report().await.unwrap().columns {
        let info = sandbox.auth.mode(column.mode.id.0).unwrap();
        let expected = if info.needs_key { 401 } else { 200 };
        assert_eq!(column.exchange.unwrap().status, expected, "{}", column.mode.name);
    }
}

#[tokio::test]
async fn the_page_shows_no_credential() {
    let sandbox = open(Check::Account).await;
    for action in
        [Action::Each(Each::LogIn), Action::Each(Each::Steal), Action::Each(Each::Rotate), Action::Each(Each::ThiefMe)]
    {
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
    one.act(Action::Each(Each::LogIn), None).await.unwrap();
    one.act(Action::Wait(Wait::TwelveHours), None).await.unwrap();
    let report = other.report().await.unwrap();
    assert_eq!(report.moved, 0);
    assert!(report.columns.iter().all(|column| column.owner.is_empty()));
}

#[tokio::test]
async fn what_an_action_changes_is_marked_until_the_next_one() {
    let sandbox = open(Check::Account).await;
    sandbox.act(Action::Each(Each::LogIn), None).await.unwrap();
    let changed = |report: &SandboxReport| {
        report.columns.iter().flat_map(|column| &column.owner).filter(|holding| holding.changed).count()
    };
    let report = sandbox.report().await.unwrap();
    assert!(changed(&report) >= report.columns.len());
    sandbox.act(Action::Wait(Wait::FiveMinutes), None).await.unwrap();
    assert_eq!(changed(&sandbox.report().await.unwrap()), 0);
}

#[tokio::test]
async fn the_standing_clock_throttles_no_login() {
    let report = after(Check::Account, &[Action::Each(Each::LogIn); 30]).await;
    assert!(report.columns.iter().all(|column| column.exchange.as_ref().unwrap().status == 200));
}

#[tokio::test]
async fn a_logout_everywhere_is_done_by_a_mode_that_is_still_signed_in() {
    let actions =
        [Action::Each(Each::LogIn), Action::Wait(Wait::TwelveHours), Action::End(AccountEnd::LogOutEverywhere)];
    let report = after(Check::Account, &actions).await;
    // Some credential lives for longer than half a day: a bearer token that is not renewed.
    let lives = |mode: &auth::ModeInfo| mode.transport == auth::Transport::Bearer && !mode.renews_silently;
    if report.columns.iter().any(|column| lives(column.mode)) {
        assert!(report.said.english().contains("logged out everywhere"), "{:?}", report.said);
    }
}

#[tokio::test]
async fn what_has_changed_is_marked_however_often_the_page_is_loaded() {
    let sandbox = open(Check::Account).await;
    sandbox.act(Action::Each(Each::LogIn), None).await.unwrap();
    for _ in 0..2 {
        let report = sandbox.report().await.unwrap();
        assert!(report.columns.iter().flat_map(|column| &column.owner).all(|holding| holding.changed));
    }
}

#[tokio::test]
async fn an_unknown_mode_is_refused() {
    let acted = open(Check::Account).await.act(Action::Each(Each::LogIn), Some("no mode")).await;
    assert!(matches!(acted, Err(AuthError::UnknownMode)));
}

#[tokio::test]
async fn a_second_action_of_one_browser_does_not_begin_while_the_first_runs() {
    let sandbox = open(Check::Account).await;
    let turn = sandbox.turn();
    assert!(turn.is_some() && sandbox.turn().is_none());
    drop(turn);
    assert!(sandbox.turn().is_some());
}

#[tokio::test]
async fn a_sandbox_stops_before_it_fills_the_disk() {
    let sandbox = open(Check::Account).await;
    sandbox.state.lock().await.writes = WRITES_MAX;
    sandbox.act(Action::Each(Each::LogIn), None).await.unwrap();
    let report = sandbox.report().await.unwrap();
    assert!(
        report.said.english().contains("Begin again") && report.columns.iter().all(|column| column.owner.is_empty())
    );
}
