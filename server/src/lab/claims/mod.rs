//! The claims ledger: statements of five tutorials, each tested by an experiment when a learner asks.
//!
//! A claim is about a kind of mode. Without a mode of that kind, it is left out.

mod cookies;
mod ends;
mod tokens;

use app::lab::{Action, Check, Claim, ClaimVerdict, Column, Each, Ledger, Text};
use auth::{AuthError, ModeInfo, Transport};

use super::{sandbox::Sandbox, study::Study};

/// The kinds of modes that tutorials describe.
#[derive(Clone, Copy)]
enum Kind {
    /// A cookie with an id, and rows on the server.
    Session,
    /// A cookie with the identity, and no rows.
    SealedCookie,
    /// A random bearer token, and rows on the server.
    StoredToken,
    /// A signed bearer token with a refresh token.
    SignedToken,
}

impl Kind {
    #[cfg(test)]
    const ALL: [Self; 4] = [Self::Session, Self::SealedCookie, Self::StoredToken, Self::SignedToken];

    fn find(self, sandbox: &Sandbox) -> Option<&'static ModeInfo> {
        sandbox.modes().find(|info| self.is(info))
    }

    fn is(self, info: &ModeInfo) -> bool {
        match self {
            Self::Session => info.transport == Transport::Cookie && info.remembers,
            Self::SealedCookie => info.transport == Transport::Cookie && !info.remembers,
            Self::StoredToken => info.transport == Transport::Bearer && !info.needs_key,
            Self::SignedToken => info.transport == Transport::Bearer && info.needs_key,
        }
    }
}

/// A claim before its experiment.
struct Quoted {
    source: Text,
    /// The words of the tutorial.
    words: &'static str,
    meaning: Text,
    experiment: Text,
}

impl Quoted {
    fn decided(self, verdict: ClaimVerdict, evidence: Text) -> Claim {
        let Self { source, words, meaning, experiment } = self;
        Claim { source, words, meaning, experiment, verdict, evidence }
    }
}

const DRF: Text = Text::fixed("DRF token strategies (2023)", "DRF 토큰 전략 (2023)");
const SIMPLEJWT: Text = Text::fixed("JWT with SimpleJWT (2025)", "SimpleJWT로 하는 JWT (2025)");
const COMPARED: Text = Text::fixed("Session, cookie, token, JWT (2023)", "세션, 쿠키, 토큰, JWT (2023)");
const DRF_JWT: Text = Text::name("djangorestframework-jwt");
const LIFECYCLE: Text = Text::fixed("JWT: issue, use, manage (2024)", "JWT: 발급, 사용, 관리 (2024)");

impl Study {
    /// Tests every claim, each in a sandbox of its own.
    ///
    /// # Errors
    /// Any error of a sandbox.
    pub async fn ledger(&self) -> Result<Ledger, AuthError> {
        let claims = [
            self.no_query().await?,
            self.https_against_csrf().await?,
            self.csrf_of_a_stored_token().await?,
            self.deleted_cookie().await?,
            self.stolen_cookie().await?,
            self.token_is_stronger().await?,
            self.hard_to_revoke().await?,
            self.rotation_detects_reuse().await?,
            self.readable_claims().await?,
            self.every_token_on_a_denylist().await?,
            self.client_knows_the_expiry().await?,
            self.logout_ends_the_refresh_token().await?,
            self.bounded_extension().await?,
        ];
        Ok(Ledger { tested_at: self.now.0, claims: claims.into_iter().flatten().collect() })
    }

    /// A sandbox in which the owner is signed in by the mode of this kind, and the id of that mode.
    async fn signed_in(&self, kind: Kind, check: Check) -> Result<Option<(Sandbox, &'static str)>, AuthError> {
        let sandbox = self.sandbox(check).await?;
        let Some(info) = kind.find(&sandbox) else { return Ok(None) };
        sandbox.act(Action::Each(Each::LogIn), Some(info.id.0)).await?;
        Ok(Some((sandbox, info.id.0)))
    }

    /// A sandbox, and its mode of this kind.
    async fn found(&self, kind: Kind) -> Result<Option<(Sandbox, &'static ModeInfo)>, AuthError> {
        let sandbox = self.sandbox(Check::Account).await?;
        Ok(kind.find(&sandbox).map(|info| (sandbox, info)))
    }
}

/// Does the actions in one mode, and returns its column.
async fn run(sandbox: &Sandbox, mode: &str, actions: &[Action]) -> Result<Column, AuthError> {
    for action in actions {
        sandbox.act(*action, Some(mode)).await?;
    }
    column(sandbox, mode).await
}

async fn column(sandbox: &Sandbox, mode: &str) -> Result<Column, AuthError> {
    let columns = sandbox.report().await?.columns;
    columns.into_iter().find(|column| column.mode.id.to_string() == mode).ok_or(AuthError::UnknownMode)
}

fn status(column: &Column) -> u16 {
    column.exchange.as_ref().map_or(0, |exchange| exchange.status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_claim_gets_the_verdict_that_the_documents_give() {
        let study = Study::for_tests();
        let claims = study.ledger().await.unwrap().claims;
        let sandbox = study.sandbox(Check::Account).await.unwrap();
        // A fork with fewer kinds of modes tests fewer claims.
        if Kind::ALL.into_iter().all(|kind| kind.find(&sandbox).is_some()) {
            assert_eq!(claims.len(), 13);
        }
        for claim in &claims {
            let expected = match claim.words {
                words if words.contains("CSRF 공격에 취약") || words.contains("삭제하면") => {
                    ClaimVerdict::Fails
                }
                words if words.contains("보안에 강합니다") => ClaimVerdict::Fails,
                words if words.contains("조회 없이") || words.contains("HTTPS") => ClaimVerdict::Partly,
                words if words.contains("어렵다") || words.contains("Outstanding") => ClaimVerdict::Partly,
                words if words.contains("refresh_token") => ClaimVerdict::Partly,
                _ => ClaimVerdict::Holds,
            };
            assert_eq!(claim.verdict, expected, "{}: {:?}", claim.meaning.english(), claim.evidence);
        }
    }
}
