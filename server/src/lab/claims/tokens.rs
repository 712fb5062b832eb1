//! Claims about signed tokens: what a check costs, who can read them, and what a client knows.

use app::lab::{AccountEnd, Action, Check, Claim, ClaimVerdict, Column, Each, StepKind, Text};
use auth::{AuthError, Timestamp};

use super::{DRF, DRF_JWT, Kind, Quoted, SIMPLEJWT, column, run, status};
use crate::lab::study::Study;

impl Study {
    pub(super) async fn no_query(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: DRF,
            words: "토큰 자체에 인증 정보를 포함하기 때문에 데이터베이스 조회 없이 인증이 가능 …",
            meaning: Text::fixed(
                "The token contains the identity, so a request is authenticated without a database query.",
                "토큰에 신원이 담겨 있으므로 데이터베이스를 조회하지 않고 요청을 인증한다.",
            ),
            experiment: Text::fixed(
                "Count the statements of /me. Disable the account, and open /me again.",
                "/me의 SQL 문을 셉니다. 계정을 비활성화하고 /me를 다시 엽니다.",
            ),
        };
        let (mut statements, mut after) = (Vec::new(), Vec::new());
        for check in [Check::Signature, Check::Account] {
            let Some((sandbox, mode)) = self.signed_in(Kind::SignedToken, check).await? else { return Ok(None) };
            statements.push(count(&run(&sandbox, mode, &[Action::Each(Each::Me)]).await?));
            after
                .push(status(&run(&sandbox, mode, &[Action::End(AccountEnd::Disable), Action::Each(Each::Me)]).await?));
        }
        let [[unchecked, unchecked_after], [checked, checked_after]] =
            [0, 1].map(|check| [statements[check].to_string(), after[check].to_string()]);
        let verdict = match (statements[0], after[0]) {
            (0, 200) => ClaimVerdict::Partly,
            (0, _) => ClaimVerdict::Holds,
            _ => ClaimVerdict::Fails,
        };
        let evidence = Text::new(
            format!(
                "ACCESS_CHECK=signature: {unchecked} statements; after the account was disabled: {unchecked_after}. \
                 ACCESS_CHECK=account: {checked}; {checked_after}. Without a query, no user can be shut out before the expiry."
            ),
            format!(
                "ACCESS_CHECK=signature: SQL 문 {unchecked}개, 계정을 비활성화한 뒤: {unchecked_after}. \
                 ACCESS_CHECK=account: {checked}개, {checked_after}. 조회하지 않으면 만료될 때까지 어떤 사용자도 막을 수 없습니다."
            ),
        );
        Ok(Some(quoted.decided(verdict, evidence)))
    }

    pub(super) async fn readable_claims(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: SIMPLEJWT,
            words: "토큰은 클라이언트에 노출됩니다",
            meaning: Text::fixed(
                "The content of the token is exposed to the client.",
                "토큰의 내용은 클라이언트에 노출된다.",
            ),
            experiment: Text::fixed("Decode each credential without a key.", "키 없이 각 인증 정보를 디코딩합니다."),
        };
        let Some((signed, its_mode)) = self.signed_in(Kind::SignedToken, Check::Account).await? else {
            return Ok(None);
        };
        let readable = column(&signed, its_mode).await?.owner.iter().any(|held| held.claims.is_some());
        let sealed = match self.signed_in(Kind::SealedCookie, Check::Account).await? {
            Some((sandbox, mode)) => column(&sandbox, mode).await?.owner.iter().any(|held| held.claims.is_some()),
            None => false,
        };
        let yes =
            |readable| if readable { ("readable", "읽을 수 있음") } else { ("not readable", "읽을 수 없음") };
        let ((token, its_korean), (cookie, korean)) = (yes(readable), yes(sealed));
        let evidence = Text::new(
            format!("The signed token is {token}, the encrypted cookie is {cookie}."),
            format!("서명된 토큰: {its_korean}, 암호화된 쿠키: {korean}."),
        );
        Ok(Some(quoted.decided(if readable { ClaimVerdict::Holds } else { ClaimVerdict::Fails }, evidence)))
    }

    pub(super) async fn client_knows_the_expiry(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: DRF_JWT,
            words: "프론트에서 만료 여부라도 판단하여 … (가능한지는 모르겠음..)",
            meaning: Text::fixed(
                "The client could tell by itself that the token has expired, and save a request (not sure whether that is possible).",
                "클라이언트가 토큰의 만료를 스스로 판단하여 요청을 줄일 수 있다(가능한지는 모름).",
            ),
            experiment: Text::fixed(
                "Read exp from the token in the browser. Open /me one second before it, and at it.",
                "브라우저에 있는 토큰에서 exp를 읽습니다. 그 1초 전과 그 시각에 /me를 엽니다.",
            ),
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
        let evidence = Text::new(
            format!(
                "One second before exp: {before}. At exp: {at}. So the client can renew ahead, by its own clock and a margin."
            ),
            format!(
                "exp 1초 전: {before}. exp 시각: {at}. 그래서 클라이언트는 자신의 시계를 기준으로 여유를 두고 미리 갱신할 수 있습니다."
            ),
        );
        Ok(Some(quoted.decided(verdict, evidence)))
    }
}

/// The expiry of an access token. A refresh token has another type.
fn exp(claims: &str) -> Option<i64> {
    let claims: serde_json::Value = serde_json::from_str(claims).ok()?;
    (claims.get("token_type")? == "access").then(|| claims.get("exp")?.as_i64())?
}

fn count(column: &Column) -> usize {
    column.exchange.as_ref().map_or(0, |exchange| exchange.cost.count(StepKind::Statement))
}
