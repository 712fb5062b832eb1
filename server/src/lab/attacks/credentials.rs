//! Credentials that the server did not issue for this use: planted, forged, or issued for another purpose.

use app::lab::{Attack, Check, Outcome, Text};
use auth::{AuthError, ModeInfo, Transport};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{TrialResult, asks_for_me, result};
use crate::lab::{client::Client, sandbox::Sandbox, study::Study};

/// A text that the attacker knows, in the format of a session id.
const PLANTED: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl Study {
    pub(super) async fn planted(&self) -> Result<Attack, AuthError> {
        let trial = self
            .trial(
                Text::fixed("The login issues a new credential", "로그인할 때 새 인증 정보를 발급한다"),
                Check::Account,
                |sandbox, mode| Box::pin(plants_cookie(sandbox, mode)),
            )
            .await?;
        Ok(Attack {
            title: Text::fixed("A planted credential (session fixation)", "심어 둔 인증 정보 (세션 고정)"),
            about: Text::fixed(
                "The attacker writes a cookie of its own choice into the user's browser. The user logs in with it. Then the \
                 attacker opens /me with the chosen value. No page can write a bearer token into another one.",
                "공격자가 자신이 고른 쿠키를 사용자의 브라우저에 씁니다. 사용자가 그 쿠키로 로그인합니다. 그다음 공격자가 그 값으로 \
                 /me를 엽니다. 어떤 페이지도 다른 페이지에 베어러 토큰을 쓸 수 없습니다.",
            ),
            trials: vec![trial],
        })
    }

    pub(super) async fn forged(&self) -> Result<Attack, AuthError> {
        Ok(Attack {
            title: Text::fixed("A forged credential", "위조한 인증 정보"),
            about: Text::fixed(
                "The attacker has a genuine credential, and changes it or shows it where it does not belong.",
                "공격자가 진짜 인증 정보를 바꾸거나, 맞지 않는 곳에 보냅니다.",
            ),
            trials: vec![
                self.trial(
                    Text::fixed("One character is changed", "글자 하나를 바꾼다"),
                    Check::Account,
                    |sandbox, mode| Box::pin(changes_character(sandbox, mode)),
                )
                .await?,
                self.trial(
                    Text::fixed(
                        "The header says that there is no signature (alg: none)",
                        "헤더에 서명이 없다고 적는다 (alg: none)",
                    ),
                    Check::Account,
                    |sandbox, mode| Box::pin(removes_signature(sandbox, mode)),
                )
                .await?,
                self.trial(
                    Text::fixed("The credentials of all other modes", "다른 모든 방식의 인증 정보"),
                    Check::Account,
                    |sandbox, mode| Box::pin(shows_others(sandbox, mode)),
                )
                .await?,
                self.trial(
                    Text::fixed("The refresh token as an access token", "리프레시 토큰을 액세스 토큰으로"),
                    Check::Account,
                    |sandbox, mode| Box::pin(shows_refresh_token(sandbox, mode)),
                )
                .await?,
            ],
        })
    }
}

async fn plants_cookie(sandbox: &Sandbox, mode: &'static ModeInfo) -> TrialResult {
    let (Transport::Cookie, Some(name)) = (mode.transport, mode.cookie) else { return Ok(None) };
    let mut user = sandbox.browser(mode);
    user.client.plant(name, PLANTED.to_owned());
    user.log_in().await?;
    asks_for_me(sandbox.at(Client::showing(mode, PLANTED.to_owned()))).await
}

async fn changes_character(sandbox: &Sandbox, mode: &'static ModeInfo) -> TrialResult {
    let user = sandbox.visitor(mode).await?;
    let Some(credential) = user.client.shown() else { return Ok(None) };
    // In the middle: the last characters of a Base64 text may have unused bits.
    let middle = credential.len() / 2;
    let changed = credential.char_indices().map(|(at, old)| match old {
        _ if at != middle => old,
        'A' => 'B',
        _ => 'A',
    });
    asks_for_me(sandbox.at(Client::showing(mode, changed.collect()))).await
}

async fn removes_signature(sandbox: &Sandbox, mode: &'static ModeInfo) -> TrialResult {
    let user = sandbox.visitor(mode).await?;
    let Some([_, payload, _]) = user.client.shown().and_then(parts) else { return Ok(None) };
    let header = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    asks_for_me(sandbox.at(Client::showing(mode, format!("{header}.{payload}.")))).await
}

async fn shows_others(sandbox: &Sandbox, mode: &'static ModeInfo) -> TrialResult {
    let mut last = None;
    for other in sandbox.modes().filter(|other| other.id != mode.id) {
        let user = sandbox.visitor(other).await?;
        let Some(credential) = user.client.shown() else { continue };
        last = asks_for_me(sandbox.at(Client::showing(mode, credential.to_owned()))).await?;
        if last.as_ref().is_some_and(|last| last.outcome != Outcome::Stopped) {
            break;
        }
    }
    Ok(last)
}

async fn shows_refresh_token(sandbox: &Sandbox, mode: &'static ModeInfo) -> TrialResult {
    let user = sandbox.visitor(mode).await?;
    let Some(refresh) = user.client.renewable().filter(|_| mode.renews_silently) else { return Ok(None) };
    let answer = sandbox.at(Client::showing(mode, refresh.to_owned())).me().await?;
    let outcome = if answer.status.is_success() { Outcome::Succeeds } else { Outcome::Stopped };
    let status = answer.status.as_u16();
    let evidence = Text::new(format!("{status}: its type is checked."), format!("{status}: 토큰의 종류를 검사합니다."));
    Ok(Some(result(outcome, evidence, answer)))
}

/// Header, payload and signature of a signed token (RFC 7519).
fn parts(token: &str) -> Option<[&str; 3]> {
    token.split('.').collect::<Vec<_>>().try_into().ok()
}
