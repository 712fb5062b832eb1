//! Claims about tokens: what a check costs, what ends them, and who can read them.

use app::lab::{AccountEnd, Action, Check, Claim, ClaimVerdict, Column, Each, Renewals, StepKind, Wait};
use auth::{AuthError, Timestamp};

use super::{DRF, DRF_JWT, Kind, LIFECYCLE, Quoted, SIMPLEJWT, column, run, status};
use crate::lab::study::Study;

impl Study {
    pub(super) async fn no_query(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: DRF,
            korean: "토큰 자체에 인증 정보를 포함하기 때문에 데이터베이스 조회 없이 인증이 가능 …",
            english: "The token contains the identity, so a request is authenticated without a database query.",
            experiment: "Count the statements of /me. Disable the account, and open /me again.",
        };
        let (mut statements, mut after) = (Vec::new(), Vec::new());
        for check in [Check::Signature, Check::Account] {
            let Some((sandbox, mode)) = self.signed_in(Kind::SignedToken, check).await? else { return Ok(None) };
            statements.push(count(&run(&sandbox, mode, &[Action::Each(Each::Me)]).await?));
            after
                .push(status(&run(&sandbox, mode, &[Action::End(AccountEnd::Disable), Action::Each(Each::Me)]).await?));
        }
        let evidence = format!(
            "ACCESS_CHECK=signature: {} statements; after the account was disabled: {}. ACCESS_CHECK=account: {}; {}.",
            statements[0], after[0], statements[1], after[1]
        );
        let verdict = match (statements[0], after[0]) {
            (0, 200) => ClaimVerdict::Partly,
            (0, _) => ClaimVerdict::Holds,
            _ => ClaimVerdict::Fails,
        };
        Ok(Some(
            quoted.decided(verdict, format!("{evidence} Without a query, no user can be shut out before the expiry.")),
        ))
    }

    pub(super) async fn hard_to_revoke(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: SIMPLEJWT,
            korean: "서버가 임의로 토큰 무효화하기 어렵다",
            english: "It is hard for the server to revoke a token when it wants to.",
            experiment: "Log out, and measure how long a copy of the access token works, for each access check.",
        };
        let mut delays = Vec::new();
        for check in [Check::Signature, Check::Account, Check::SignIn] {
            let Some((sandbox, mode)) = self.signed_in(Kind::SignedToken, check).await? else { return Ok(None) };
            let column =
                run(&sandbox, mode, &[Action::Each(Each::Steal), Action::Each(Each::LogOut), Action::Measure]).await?;
            delays.push((check, delay(&column)));
        }
        let told: Vec<_> =
            delays.iter().map(|(check, delay)| format!("{}: {}", check.as_str(), seconds(*delay))).collect();
        let at_once = delays.iter().any(|(_, delay)| *delay == Some(0));
        let verdict = if at_once { ClaimVerdict::Partly } else { ClaimVerdict::Holds };
        Ok(Some(
            quoted.decided(verdict, format!("{}. The server must read the sign-in to know its end.", told.join("; "))),
        ))
    }

    pub(super) async fn rotation_detects_reuse(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: SIMPLEJWT,
            korean: "회전+블랙리스트로 재사용 공격 방어",
            english: "Rotation and a blacklist defend against the reuse of a refresh token.",
            experiment: "A thief renews a copied refresh token first, then the owner renews the same one.",
        };
        let Some((sandbox, mode)) = self.signed_in(Kind::SignedToken, Check::Account).await? else { return Ok(None) };
        let column = run(&sandbox, mode, &[Action::Renew(Renewals::ThiefFirst)]).await?;
        let Some(story) = column.story else { return Ok(None) };
        let verdict = match (story.owner_works, story.thief_works) {
            (_, false) => ClaimVerdict::Holds,
            (_, true) => ClaimVerdict::Fails,
        };
        let end = |works| if works { "is still signed in" } else { "is signed out" };
        let evidence = format!(
            "Afterwards the thief {}, and the owner {}. A list that only refuses the used token would leave the thief signed in.",
            end(story.thief_works),
            end(story.owner_works)
        );
        Ok(Some(quoted.decided(verdict, evidence)))
    }

    pub(super) async fn readable_claims(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: SIMPLEJWT,
            korean: "토큰은 클라이언트에 노출됩니다",
            english: "The content of the token is exposed to the client.",
            experiment: "Decode each credential without a key.",
        };
        let Some((signed, its_mode)) = self.signed_in(Kind::SignedToken, Check::Account).await? else {
            return Ok(None);
        };
        let readable = column(&signed, its_mode).await?.owner.iter().any(|held| held.claims.is_some());
        let sealed = match self.signed_in(Kind::SealedCookie, Check::Account).await? {
            Some((sandbox, mode)) => column(&sandbox, mode).await?.owner.iter().any(|held| held.claims.is_some()),
            None => false,
        };
        let yes = |readable| if readable { "readable" } else { "not readable" };
        let evidence = format!("The signed token is {}, the encrypted cookie is {}.", yes(readable), yes(sealed));
        Ok(Some(quoted.decided(if readable { ClaimVerdict::Holds } else { ClaimVerdict::Fails }, evidence)))
    }

    pub(super) async fn every_token_on_a_denylist(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: SIMPLEJWT,
            korean: "비밀번호 변경/계정 비활성화 시: 해당 사용자의 모든 Outstanding Token을 블랙리스트 처리",
            english: "After a change of the password, put every outstanding token of the user on the blacklist.",
            experiment: "Copy every credential, change the password, and measure. Read the epoch of the account before and after.",
        };
        let sandbox = self.sandbox(Check::Account).await?;
        let before = epoch(&sandbox.report().await?.columns);
        for action in [
            Action::Each(Each::LogIn),
            Action::Each(Each::Steal),
            Action::End(AccountEnd::ChangePassword),
            Action::Measure,
        ] {
            sandbox.act(action, None).await?;
        }
        let columns = sandbox.report().await?.columns;
        let refused = columns.iter().filter(|column| delay(column) == Some(0)).count();
        let verdict = if refused == columns.len() { ClaimVerdict::Partly } else { ClaimVerdict::Holds };
        let evidence = format!(
            "{refused} of {} copies were refused at once. One number did it: the epoch of the account went from {} to {}.",
            columns.len(),
            before.unwrap_or_default(),
            epoch(&columns).unwrap_or_default()
        );
        Ok(Some(quoted.decided(verdict, evidence)))
    }

    pub(super) async fn client_knows_the_expiry(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: DRF_JWT,
            korean: "프론트에서 만료 여부라도 판단하여 … (가능한지는 모르겠음..)",
            english: "The client could tell by itself that the token has expired, and save a request (not sure whether that is possible).",
            experiment: "Read exp from the token in the browser. Open /me one second before it, and at it.",
        };
        let Some((sandbox, mode)) = self.signed_in(Kind::SignedToken, Check::Account).await? else { return Ok(None) };
        let Some(exp) = column(&sandbox, mode).await?.owner.iter().find_map(|held| exp(held.claims.as_deref()?)) else {
            return Ok(None);
        };
        sandbox.move_to(Timestamp(exp - 1));
        let before = status(&run(&sandbox, mode, &[Action::Each(Each::Me)]).await?);
        sandbox.move_to(Timestamp(exp));
        let at = status(&run(&sandbox, mode, &[Action::Each(Each::Me)]).await?);
        let verdict = if (before, at) == (200, 401) { ClaimVerdict::Holds } else { ClaimVerdict::Fails };
        let evidence = format!(
            "One second before exp: {before}. At exp: {at}. So the client can renew ahead, by its own clock and a margin."
        );
        Ok(Some(quoted.decided(verdict, evidence)))
    }

    pub(super) async fn logout_ends_the_refresh_token(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: LIFECYCLE,
            korean: "서버 측에서는 `refresh_token`을 무효화합니다",
            english: "At the logout, the server invalidates the refresh token.",
            experiment: "Copy both tokens, log out, then renew and open /me with the copies.",
        };
        let Some((sandbox, mode)) = self.signed_in(Kind::SignedToken, Check::Account).await? else { return Ok(None) };
        run(&sandbox, mode, &[Action::Each(Each::Steal), Action::Each(Each::LogOut)]).await?;
        let access = status(&run(&sandbox, mode, &[Action::Each(Each::ThiefMe)]).await?);
        let refresh = status(&run(&sandbox, mode, &[Action::Each(Each::ThiefRotate)]).await?);
        let verdict = match (access, refresh) {
            (401, 401) => ClaimVerdict::Holds,
            (_, 401) => ClaimVerdict::Partly,
            _ => ClaimVerdict::Fails,
        };
        let why = if access == 200 { ": it lives until it expires" } else { "" };
        let evidence = format!("The renewal was answered {refresh}, and /me with the access token {access}{why}.");
        Ok(Some(quoted.decided(verdict, evidence)))
    }

    pub(super) async fn bounded_extension(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: LIFECYCLE,
            korean: "무한한 세션 연장은 보안상 좋지 않으므로, 최대 세션 시간을 설정하는 것이 중요합니다",
            english: "Endless extension is bad for security, so a maximum session time is important.",
            experiment: "Use and rotate each credential every 5 minutes for an hour, and compare the absolute end.",
        };
        let sandbox = self.sandbox(Check::Account).await?;
        sandbox.act(Action::Each(Each::LogIn), None).await?;
        let before = absolute_ends(&sandbox.report().await?.columns);
        for _ in 0..12 {
            for action in [Action::Wait(Wait::FiveMinutes), Action::Each(Each::Rotate)] {
                sandbox.act(action, None).await?;
            }
        }
        let columns = sandbox.report().await?.columns;
        let (after, all) = (absolute_ends(&columns), columns.len());
        let unmoved = before.iter().zip(&after).filter(|(before, after)| before == after && before.is_some()).count();
        let verdict = if unmoved == all { ClaimVerdict::Holds } else { ClaimVerdict::Fails };
        Ok(Some(quoted.decided(
            verdict,
            format!("After 12 rotations, the absolute end had not moved in {unmoved} of {all} modes."),
        )))
    }
}

/// The expiry of an access token. A refresh token has another type.
fn exp(claims: &str) -> Option<i64> {
    let claims: serde_json::Value = serde_json::from_str(claims).ok()?;
    (claims.get("token_type")? == "access").then(|| claims.get("exp")?.as_i64())?
}

/// The absolute end in the last answer of each mode.
fn absolute_ends(columns: &[Column]) -> Vec<Option<i64>> {
    let of = |column: &Column| {
        let body: serde_json::Value = serde_json::from_str(column.exchange.as_ref()?.response_body.as_ref()?).ok()?;
        body.get("auth")?.get("absolute_expires_at")?.as_i64()
    };
    columns.iter().map(of).collect()
}

/// The epoch in the row of the account.
fn epoch(columns: &[Column]) -> Option<String> {
    let users = columns.first()?.tables.iter().find(|table| table.table == "users")?;
    let place = users.columns.iter().position(|name| name == "epoch")?;
    users.rows.first()?.get(place)?.text.clone()
}

fn count(column: &Column) -> usize {
    column.exchange.as_ref().map_or(0, |exchange| exchange.cost.count(StepKind::Statement))
}

/// The seconds for which the thief's copy worked.
fn delay(column: &Column) -> Option<i64> {
    let found = column.thief.as_ref()?.found.as_ref()?;
    found.refused_at.map(|at| at - found.from)
}

fn seconds(delay: Option<i64>) -> String {
    match delay {
        None => "not refused".to_owned(),
        Some(0) => "refused at once".to_owned(),
        Some(seconds) => format!("{seconds} s"),
    }
}
