//! Claims about the end of a sign-in: what ends a token, how soon, and when at the latest.

use app::lab::{AccountEnd, Action, Check, Claim, ClaimVerdict, Column, Each, Renewals, Text, Wait};
use auth::AuthError;

use super::{Kind, LIFECYCLE, Quoted, SIMPLEJWT, run, status};
use crate::lab::study::Study;

impl Study {
    pub(super) async fn hard_to_revoke(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: SIMPLEJWT,
            words: "서버가 임의로 토큰 무효화하기 어렵다",
            meaning: Text::fixed(
                "It is hard for the server to revoke a token when it wants to.",
                "서버가 원할 때 토큰을 무효화하기는 어렵다.",
            ),
            experiment: Text::fixed(
                "Log out, and measure how long a copy of the access token works, for each access check.",
                "로그아웃하고, 접근 검사마다 액세스 토큰의 복사본이 얼마나 오래 유효한지 측정합니다.",
            ),
        };
        let mut delays = Vec::new();
        for check in [Check::Signature, Check::Account, Check::SignIn] {
            let Some((sandbox, mode)) = self.signed_in(Kind::SignedToken, check).await? else { return Ok(None) };
            let column =
                run(&sandbox, mode, &[Action::Each(Each::Steal), Action::Each(Each::LogOut), Action::Measure]).await?;
            delays.push((check, delay(&column)));
        }
        let told: Vec<_> = delays
            .iter()
            .map(|(check, delay)| Text::join(&[Text::name(check.as_str()), seconds(*delay)], ": "))
            .collect();
        let at_once = delays.iter().any(|(_, delay)| *delay == Some(0));
        let verdict = if at_once { ClaimVerdict::Partly } else { ClaimVerdict::Holds };
        let reason = Text::fixed(
            "The server must read the sign-in to know its end.",
            "로그인이 끝났는지 알려면 서버가 로그인을 읽어야 합니다.",
        );
        Ok(Some(quoted.decided(verdict, Text::join(&[Text::join(&told, "; "), reason], ". "))))
    }

    pub(super) async fn rotation_detects_reuse(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: SIMPLEJWT,
            words: "회전+블랙리스트로 재사용 공격 방어",
            meaning: Text::fixed(
                "Rotation and a blacklist defend against the reuse of a refresh token.",
                "회전과 블랙리스트로 리프레시 토큰의 재사용을 막는다.",
            ),
            experiment: Text::fixed(
                "A thief renews a copied refresh token first, then the owner renews the same one.",
                "도둑이 복사한 리프레시 토큰을 먼저 갱신하고, 그다음 소유자가 같은 토큰을 갱신합니다.",
            ),
        };
        let Some((sandbox, mode)) = self.signed_in(Kind::SignedToken, Check::Account).await? else { return Ok(None) };
        let column = run(&sandbox, mode, &[Action::Renew(Renewals::ThiefFirst)]).await?;
        let Some(story) = column.story else { return Ok(None) };
        let verdict = match (story.owner_works, story.thief_works) {
            (_, false) => ClaimVerdict::Holds,
            (_, true) => ClaimVerdict::Fails,
        };
        let end =
            |works| if works { ("is still signed in", "로그인됨") } else { ("is signed out", "로그아웃됨") };
        let ((thief, its_korean), (owner, korean)) = (end(story.thief_works), end(story.owner_works));
        let evidence = Text::new(
            format!(
                "Afterwards the thief {thief}, and the owner {owner}. A list that only refuses the used token would leave the \
                 thief signed in."
            ),
            format!(
                "그 뒤의 상태 – 도둑: {its_korean}, 소유자: {korean}. 사용한 토큰만 거부하는 목록이라면 도둑은 로그인된 채로 \
                 남습니다."
            ),
        );
        Ok(Some(quoted.decided(verdict, evidence)))
    }

    pub(super) async fn every_token_on_a_denylist(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: SIMPLEJWT,
            words: "비밀번호 변경/계정 비활성화 시: 해당 사용자의 모든 Outstanding Token을 블랙리스트 처리",
            meaning: Text::fixed(
                "After a change of the password, put every outstanding token of the user on the blacklist.",
                "비밀번호를 변경하면 사용자의 모든 유효한 토큰을 블랙리스트에 올린다.",
            ),
            experiment: Text::fixed(
                "Copy every credential, change the password, and measure. Read the epoch of the account before and after.",
                "모든 인증 정보를 복사하고, 비밀번호를 변경하고, 측정합니다. 계정의 에포크를 전후에 읽습니다.",
            ),
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
        let (all, from, to) = (columns.len(), before.unwrap_or_default(), epoch(&columns).unwrap_or_default());
        let evidence = Text::new(
            format!(
                "{refused} of {all} copies were refused at once. One number did it: the epoch of the account went from {from} to {to}."
            ),
            format!(
                "복사본 {all}개 중 {refused}개가 즉시 거부되었습니다. 번호 하나로 충분했습니다. 계정의 에포크: {from} → {to}."
            ),
        );
        Ok(Some(quoted.decided(verdict, evidence)))
    }

    pub(super) async fn logout_ends_the_refresh_token(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: LIFECYCLE,
            words: "서버 측에서는 `refresh_token`을 무효화합니다",
            meaning: Text::fixed(
                "At the logout, the server invalidates the refresh token.",
                "로그아웃할 때 서버가 리프레시 토큰을 무효화한다.",
            ),
            experiment: Text::fixed(
                "Copy both tokens, log out, then renew and open /me with the copies.",
                "두 토큰을 복사하고 로그아웃한 다음, 복사본으로 갱신하고 /me를 엽니다.",
            ),
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
        let (why, korean) =
            if access == 200 { (": it lives until it expires", " (만료될 때까지 유효함)") } else { ("", "") };
        let evidence = Text::new(
            format!("The renewal was answered {refresh}, and /me with the access token {access}{why}."),
            format!("갱신의 응답: {refresh}. 액세스 토큰으로 연 /me의 응답: {access}{korean}."),
        );
        Ok(Some(quoted.decided(verdict, evidence)))
    }

    pub(super) async fn bounded_extension(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: LIFECYCLE,
            words: "무한한 세션 연장은 보안상 좋지 않으므로, 최대 세션 시간을 설정하는 것이 중요합니다",
            meaning: Text::fixed(
                "Endless extension is bad for security, so a maximum session time is important.",
                "세션을 끝없이 연장하면 보안에 나쁘므로 최대 시간이 중요하다.",
            ),
            experiment: Text::fixed(
                "Use and rotate each credential every 5 minutes for an hour, and compare the absolute end.",
                "한 시간 동안 5분마다 각 인증 정보를 사용하고 회전하여, 절대 만료를 비교합니다.",
            ),
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
        let evidence = Text::new(
            format!("After 12 rotations, the absolute end had not moved in {unmoved} of {all} modes."),
            format!("12번 회전한 뒤, 방식 {all}개 중 {unmoved}개에서 절대 만료 시각이 그대로였습니다."),
        );
        Ok(Some(quoted.decided(verdict, evidence)))
    }
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

/// The seconds for which the thief's copy worked.
fn delay(column: &Column) -> Option<i64> {
    let found = column.thief.as_ref()?.found.as_ref()?;
    found.refused_at.map(|at| at - found.from)
}

fn seconds(delay: Option<i64>) -> Text {
    match delay {
        None => Text::fixed("not refused", "거부되지 않음"),
        Some(0) => Text::fixed("refused at once", "즉시 거부됨"),
        Some(seconds) => Text::new(format!("{seconds} s"), format!("{seconds}초")),
    }
}
