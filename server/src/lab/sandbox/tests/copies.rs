//! How long a stolen copy works.

use super::*;

/// The seconds for which the copy of each mode worked.
fn delays(report: &SandboxReport) -> Vec<(&'static str, Option<i64>)> {
    let delay = |column: &Column| {
        let found = column.thief.as_ref().and_then(|thief| thief.found.as_ref()).unwrap();
        (column.mode.name, found.refused_at.map(|at| at - found.from))
    };
    report.columns.iter().map(delay).collect()
}

#[tokio::test]
async fn no_copy_outlives_a_logout_everywhere() {
    let report = after(
        Check::Account,
        &[
            Action::Each(Each::LogIn),
            Action::Each(Each::Steal),
            Action::End(AccountEnd::LogOutEverywhere),
            Action::Measure,
        ],
    );
    for (mode, delay) in delays(&report.await) {
        assert_eq!(delay, Some(0), "{mode}");
    }
}

#[tokio::test]
async fn a_copy_is_refused_at_the_instant_that_the_logout_announces() {
    for check in [Check::Signature, Check::Account, Check::SignIn] {
        let report = after(
            check,
            &[Action::Each(Each::LogIn), Action::Each(Each::Steal), Action::Each(Each::LogOut), Action::Measure],
        )
        .await;
        for column in &report.columns {
            let thief = column.thief.as_ref().unwrap();
            let refused_at = thief.found.as_ref().unwrap().refused_at;
            assert!(
                refused_at.is_some() && refused_at <= thief.end.unwrap().refused_from,
                "{check:?} {}: {thief:?}",
                column.mode.name
            );
        }
    }
}

#[tokio::test]
async fn a_second_logout_announces_nothing() {
    let once =
        after(Check::Account, &[Action::Each(Each::LogIn), Action::Each(Each::Steal), Action::Each(Each::LogOut)]);
    let twice = after(
        Check::Account,
        &[Action::Each(Each::LogIn), Action::Each(Each::Steal), Action::Each(Each::LogOut), Action::Each(Each::LogOut)],
    );
    for (once, twice) in once.await.columns.iter().zip(&twice.await.columns) {
        assert_eq!(once.thief.as_ref().unwrap().end, twice.thief.as_ref().unwrap().end, "{}", once.mode.name);
    }
}

#[tokio::test]
async fn an_end_is_not_announced_for_copies_of_an_earlier_sign_in() {
    let actions = [Each::LogIn, Each::Steal, Each::LogIn, Each::LogOut].map(Action::Each);
    for column in after(Check::Account, &actions).await.columns {
        assert_eq!(column.thief.unwrap().end, None, "{}", column.mode.name);
    }
}

#[tokio::test]
async fn the_delay_counts_from_the_end_and_not_from_the_measurement() {
    let actions = [
        Action::Each(Each::LogIn),
        Action::Each(Each::Steal),
        Action::Each(Each::LogOut),
        Action::Wait(Wait::FiveMinutes),
        Action::Measure,
    ];
    for column in after(Check::Account, &actions).await.columns {
        let found = column.thief.unwrap().found.unwrap();
        assert_eq!((found.from, found.began), (NOW.0, NOW.0 + 300), "{}", column.mode.name);
    }
}

#[tokio::test]
async fn an_expired_cookie_is_neither_held_nor_stolen() {
    let actions = [Action::Each(Each::LogIn), Action::Wait(Wait::TwelveHours), Action::Each(Each::Steal)];
    for column in after(Check::Account, &actions).await.columns {
        if column.mode.transport == auth::Transport::Cookie {
            assert!(column.owner.is_empty() && column.thief.is_none(), "{}", column.mode.name);
        }
    }
}
