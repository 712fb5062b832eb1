//! A stolen database, and a stolen secret.

use app::lab::{Attack, Check, Outcome, Text};
use auth::{AuthError, ModeInfo};

use super::{TrialResult, result};
use crate::lab::{client::Client, sandbox::Sandbox, study::Study};

impl Study {
    pub(super) async fn dump(&self) -> Result<Attack, AuthError> {
        let trial = self
            .trial(
                Text::fixed(
                    "Credentials are stored as hashes, or not at all",
                    "인증 정보를 해시로 저장하거나 저장하지 않는다",
                ),
                Check::Account,
                |sandbox, mode| Box::pin(shows_rows(sandbox, mode)),
            )
            .await?;
        Ok(Attack {
            title: Text::fixed("A dump of the database", "데이터베이스 덤프"),
            about: Text::fixed(
                "The attacker reads every row, and shows each text in it as a credential.",
                "공격자가 모든 행을 읽고, 그 안의 텍스트를 하나하나 인증 정보로 보냅니다.",
            ),
            trials: vec![trial],
        })
    }

    pub(super) async fn secret(&self) -> Result<Attack, AuthError> {
        Ok(Attack {
            title: Text::fixed("A dump and the secret of the server", "덤프와 서버의 비밀값"),
            about: Text::fixed(
                "The attacker runs a copy of the server with the stolen secret and the stolen rows. In the copy, the attacker logs \
                 in as the user: nothing there checks a password that the attacker does not want checked. Then the attacker \
                 shows the credential of the copy to the real server. A credential that is random means nothing there. One that is \
                 sealed or signed is genuine, until the key is retired. ACCESS_CHECK=sign-in finds out that the real server has no \
                 such sign-in, where there are sign-ins to read.",
                "공격자가 훔친 비밀값과 훔친 행으로 서버의 복사본을 실행합니다. 복사본에서 공격자는 사용자로 로그인합니다. 공격자가 원하지 \
                 않는 비밀번호 검사는 복사본에서 하지 않아도 됩니다. 그다음 복사본의 인증 정보를 진짜 서버에 보냅니다. 무작위 인증 정보는 \
                 그곳에서 아무 의미가 없습니다. 봉인되거나 서명된 인증 정보는 키를 폐기할 때까지 진짜입니다. 읽을 로그인이 있는 방식에서는 \
                 ACCESS_CHECK=sign-in이 진짜 서버에 그런 로그인이 없음을 알아냅니다.",
            ),
            trials: vec![
                self.trial(Text::name("ACCESS_CHECK=account"), Check::Account, |sandbox, mode| {
                    Box::pin(forges_with_secret(sandbox, mode))
                })
                .await?,
                self.trial(Text::name("ACCESS_CHECK=sign-in"), Check::SignIn, |sandbox, mode| {
                    Box::pin(forges_with_secret(sandbox, mode))
                })
                .await?,
                self.trial(
                    Text::fixed("The key is retired after the theft", "탈취한 뒤에 키를 폐기한다"),
                    Check::Account,
                    |sandbox, mode| Box::pin(forges_with_retired_key(sandbox, mode)),
                )
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
            let evidence = Text::fixed("A stored text opened /me.", "저장된 텍스트로 /me가 열렸습니다.");
            return Ok(Some(result(Outcome::Succeeds, evidence, answer)));
        }
        last = Some(answer);
    }
    let Some(last) = last else { return Err(AuthError::Internal("a dump without a row")) };
    let evidence = Text::new(
        format!("{tried} texts were shown, and none opened /me."),
        format!("텍스트 {tried}개를 보냈고, 어느 것으로도 /me가 열리지 않았습니다."),
    );
    Ok(Some(result(Outcome::Stopped, evidence, last)))
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
        let evidence = Text::new(
            format!("{status}: the attacker is signed in as the user."),
            format!("{status}: 공격자가 사용자로 로그인되어 있습니다."),
        );
        return Ok(Some(result(Outcome::Succeeds, evidence, answer)));
    }
    let evidence = Text::new(
        format!("{status}: the server refuses the credential of the copy."),
        format!("{status}: 서버가 복사본의 인증 정보를 거부합니다."),
    );
    Ok(Some(result(Outcome::Stopped, evidence, answer)))
}
