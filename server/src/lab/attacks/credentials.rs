//! Credentials that the server did not issue for this use: planted, forged, or issued for another purpose.

use app::lab::{Attack, Check, Outcome};
use auth::{AuthError, ModeInfo, Transport};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{TrialResult, asks_for_me, result};
use crate::lab::{client::Client, sandbox::Sandbox, study::Study};

/// A text that the attacker knows, in the format of a session id.
const PLANTED: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl Study {
    pub(super) async fn planted(&self) -> Result<Attack, AuthError> {
        let trial = self
            .trial("The login issues a new credential", Check::Account, |sandbox, mode| {
                Box::pin(plants_cookie(sandbox, mode))
            })
            .await?;
        Ok(Attack {
            title: "A planted credential (session fixation)",
            about: "The attacker writes a cookie of its own choice into the user's browser. The user logs in with it. Then the \
                    attacker opens /me with the chosen value. No page can write a bearer token into another one.",
            trials: vec![trial],
        })
    }

    pub(super) async fn forged(&self) -> Result<Attack, AuthError> {
        Ok(Attack {
            title: "A forged credential",
            about: "The attacker has a genuine credential, and changes it or shows it where it does not belong.",
            trials: vec![
                self.trial("One character is changed", Check::Account, |sandbox, mode| {
                    Box::pin(changes_character(sandbox, mode))
                })
                .await?,
                self.trial(
                    "The header says that there is no signature (alg: none)",
                    Check::Account,
                    |sandbox, mode| Box::pin(removes_signature(sandbox, mode)),
                )
                .await?,
                self.trial("The credentials of all other modes", Check::Account, |sandbox, mode| {
                    Box::pin(shows_others(sandbox, mode))
                })
                .await?,
                self.trial("The refresh token as an access token", Check::Account, |sandbox, mode| {
                    Box::pin(shows_refresh_token(sandbox, mode))
                })
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
    Ok(Some(result(outcome, format!("{}: its type is checked.", answer.status.as_u16()), answer)))
}

/// Header, payload and signature of a signed token (RFC 7519).
fn parts(token: &str) -> Option<[&str; 3]> {
    token.split('.').collect::<Vec<_>>().try_into().ok()
}
