//! The attacks: each is executed against sandboxes, in every mode, with the defences of this server and without them.

mod credentials;
mod database;
mod other_sites;
mod script;

use app::lab::{AttackResult, Check, Matrix, Outcome, Text, Trial};
use auth::{AuthError, ModeInfo};

use super::{
    client::Answer,
    sandbox::{Sandbox, Visitor},
    study::{self, Study},
};

/// What came of a trial in one mode. `None` if the attack needs something that the mode does not have.
type TrialResult = Result<Option<AttackResult>, AuthError>;

impl Study {
    /// Executes every attack.
    ///
    /// # Errors
    /// Any error of a sandbox.
    pub async fn matrix(&self) -> Result<Matrix, AuthError> {
        let modes = self.sandbox(Check::Account).await?.modes().collect();
        let attacks = vec![
            self.other_sites().await?,
            self.script().await?,
            self.planted().await?,
            self.forged().await?,
            self.dump().await?,
            self.secret().await?,
        ];
        Ok(Matrix { executed_at: self.now.0, modes, attacks })
    }

    /// One trial in every mode, in a new sandbox.
    async fn trial(
        &self,
        condition: Text,
        access_check: Check,
        attack: impl for<'s> Fn(&'s Sandbox, &'static ModeInfo) -> study::Result<'s, Option<AttackResult>>,
    ) -> Result<Trial, AuthError> {
        let sandbox = self.sandbox(access_check).await?;
        let mut results = Vec::new();
        for mode in sandbox.modes() {
            results.push(attack(&sandbox, mode).await?);
        }
        Ok(Trial { condition, results })
    }
}

fn result(outcome: Outcome, evidence: Text, answer: Answer) -> AttackResult {
    AttackResult { outcome, evidence, exchange: answer.exchange }
}

/// The attacker opens `/me`.
async fn asks_for_me(mut attacker: Visitor<'_>) -> TrialResult {
    let answer = attacker.me().await?;
    let status = answer.status.as_u16();
    if answer.status.is_success() {
        let evidence = Text::new(
            format!("{status}: the server took it for the user's credential."),
            format!("{status}: 서버가 사용자의 인증 정보로 받아들였습니다."),
        );
        return Ok(Some(result(Outcome::Succeeds, evidence, answer)));
    }
    let evidence = Text::new(format!("{status}: the server refuses it."), format!("{status}: 서버가 거부합니다."));
    Ok(Some(result(Outcome::Stopped, evidence, answer)))
}

#[cfg(test)]
mod tests {
    use auth::Transport;

    use super::*;

    /// What the documents say about each trial. A trial that is not named here is stopped in every mode.
    fn expected(mode: &ModeInfo, condition: &str) -> Option<Outcome> {
        let needs_key = mode.needs_key;
        let is_bearer = mode.transport == Transport::Bearer;
        let outcome = |succeeds| if succeeds { Outcome::Succeeds } else { Outcome::Stopped };
        match condition {
            _ if condition.contains("does not check Sec-Fetch-Site") => Some(outcome(mode.cookie.is_some())),
            _ if condition.contains("are HttpOnly") => {
                Some(if is_bearer { Outcome::Succeeds } else { Outcome::Contained })
            }
            _ if condition.contains("are not HttpOnly") => Some(Outcome::Succeeds),
            _ if condition.contains("issues a new credential") => (!is_bearer).then_some(Outcome::Stopped),
            _ if condition.contains("alg: none") => (is_bearer && needs_key).then_some(Outcome::Stopped),
            _ if condition.contains("refresh token") => mode.renews_silently.then_some(Outcome::Stopped),
            "ACCESS_CHECK=account" => Some(outcome(needs_key)),
            "ACCESS_CHECK=sign-in" => Some(outcome(needs_key && !mode.remembers)),
            _ => Some(Outcome::Stopped),
        }
    }

    #[tokio::test]
    async fn every_attack_has_the_outcome_that_the_documents_give() {
        let study = Study::for_tests();
        let matrix = study.matrix().await.unwrap();
        for trial in matrix.attacks.iter().flat_map(|attack| &attack.trials) {
            for (mode, result) in matrix.modes.iter().zip(&trial.results) {
                let outcome = result.as_ref().map(|result| result.outcome);
                let condition = trial.condition.english();
                assert_eq!(outcome, expected(mode, condition), "{condition}, {}: {result:?}", mode.name);
            }
        }
    }
}
