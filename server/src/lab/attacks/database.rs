//! A stolen database, and a stolen secret.

use app::lab::{Attack, Check, Outcome};
use auth::{AuthError, ModeInfo};

use super::{TrialResult, result};
use crate::lab::{client::Client, sandbox::Sandbox, study::Study};

impl Study {
    pub(super) async fn dump(&self) -> Result<Attack, AuthError> {
        let trial = self
            .trial("Credentials are stored as hashes, or not at all", Check::Account, |sandbox, mode| {
                Box::pin(shows_rows(sandbox, mode))
            })
            .await?;
        Ok(Attack {
            title: "A dump of the database",
            about: "The attacker reads every row, and shows each text in it as a credential.",
            trials: vec![trial],
        })
    }

    pub(super) async fn secret(&self) -> Result<Attack, AuthError> {
        Ok(Attack {
            title: "A dump and the secret of the server",
            about: "The attacker runs a copy of the server with the stolen secret and the stolen rows. In the copy, the attacker logs \
                    in as the user: nothing there checks a password that the attacker does not want checked. Then the attacker \
                    shows the credential of the copy to the real server. A credential that is random means nothing there. One that is \
                    sealed or signed is genuine, until the key is retired. ACCESS_CHECK=sign-in finds out that the real server has no \
                    such sign-in, where there are sign-ins to read.",
            trials: vec![
                self.trial("ACCESS_CHECK=account", Check::Account, |sandbox, mode| {
                    Box::pin(forges_with_secret(sandbox, mode))
                })
                .await?,
                self.trial("ACCESS_CHECK=sign-in", Check::SignIn, |sandbox, mode| {
                    Box::pin(forges_with_secret(sandbox, mode))
                })
                .await?,
                self.trial("The key is retired after the theft", Check::Account, |sandbox, mode| {
                    Box::pin(forges_with_retired_key(sandbox, mode))
                })
                .await?,
            ],
        })
    }
}

async fn shows_rows(sandbox: &Sandbox, mode: &'static ModeInfo) -> TrialResult {
    sandbox.visitor(mode).await?;
    let tables = sandbox.dump().await?;
    let texts = tables.into_iter().flat_map(|table| table.rows).flatten().flatten();
    let (mut last, mut tried) = (None, 0);
    // A text with other characters cannot stand in a header.
    for text in texts.filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())) {
        let answer = sandbox.at(Client::showing(mode, text)).me().await?;
        tried += 1;
        if answer.status.is_success() {
            return Ok(Some(result(Outcome::Succeeds, "A stored text opened /me.".to_owned(), answer)));
        }
        last = Some(answer);
    }
    let Some(last) = last else { return Err(AuthError::Internal("a dump without a row")) };
    Ok(Some(result(Outcome::Stopped, format!("{tried} texts were shown, and none opened /me."), last)))
}

async fn forges_with_secret(sandbox: &Sandbox, mode: &'static ModeInfo) -> TrialResult {
    let forged = forge(sandbox, mode).await?;
    shows(sandbox, forged).await
}

async fn forges_with_retired_key(sandbox: &Sandbox, mode: &'static ModeInfo) -> TrialResult {
    let forged = forge(sandbox, mode).await?;
    sandbox.retire_key().await?;
    shows(sandbox, forged).await
}

/// The credential of a login to a copy of the server.
async fn forge(sandbox: &Sandbox, mode: &'static ModeInfo) -> Result<Client, AuthError> {
    // The key is created by the first login.
    sandbox.visitor(mode).await?;
    let copy = sandbox.copy().await?;
    Ok(copy.visitor(mode).await?.client)
}

async fn shows(sandbox: &Sandbox, forged: Client) -> TrialResult {
    let answer = sandbox.at(forged).me().await?;
    let status = answer.status.as_u16();
    if answer.status.is_success() {
        return Ok(Some(result(
            Outcome::Succeeds,
            format!("{status}: the attacker is signed in as the user."),
            answer,
        )));
    }
    Ok(Some(result(Outcome::Stopped, format!("{status}: the server refuses the credential of the copy."), answer)))
}
