//! Cross-site request forgery: a page of another host makes the user's browser send a request, and the browser adds the
//! user's cookies.

use app::lab::{Attack, Check, Outcome};
use auth::{AuthError, ModeInfo};

use super::{TrialResult, result};
use crate::lab::{
    ask::{Ask, Defence, Site},
    sandbox::Sandbox,
    study::Study,
};

impl Study {
    pub(super) async fn other_sites(&self) -> Result<Attack, AuthError> {
        let mut trials = Vec::new();
        for (condition, from, without) in [
            ("A form on another site", Site::Other, None),
            ("A form on another host of the same site", Site::Sibling, None),
            ("A form on another site; the cookie has no SameSite", Site::Other, Some(Defence::SameSite)),
            (
                "A form on another host of the same site; the server does not check Sec-Fetch-Site",
                Site::Sibling,
                Some(Defence::FetchMetadata),
            ),
        ] {
            let trial = self
                .trial(condition, Check::Account, |sandbox, mode| Box::pin(sends_form(sandbox, mode, from, without)));
            trials.push(trial.await?);
        }
        Ok(Attack {
            title: "A page of another host sends a form (CSRF)",
            about: "The user is signed in and visits a page of the attacker. It sends a form to this server, which asks for a \
                    rotation. The attacker cannot read the answer. SameSite stops other sites, but no other host of the same \
                    site; Fetch Metadata stops both. A bearer token is never added by the browser.",
            trials,
        })
    }
}

async fn sends_form(sandbox: &Sandbox, mode: &'static ModeInfo, from: Site, without: Option<Defence>) -> TrialResult {
    let answer = sandbox.visitor(mode).await?.send(Ask::forged(mode, from).without(without)).await?;
    let sent = answer.exchange.request_headers.iter().any(|(name, _)| name == "cookie");
    let status = answer.status.as_u16();
    let (outcome, evidence) = match (answer.status.is_success(), sent) {
        (true, _) => (Outcome::Succeeds, format!("{status}: the server rotated the credential.")),
        (false, true) => (Outcome::Stopped, format!("{status}: the cookie arrived, and the server refused.")),
        (false, false) => (Outcome::Stopped, format!("{status}: the browser sent no credential.")),
    };
    Ok(Some(result(outcome, evidence, answer)))
}
