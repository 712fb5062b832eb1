//! Cross-site scripting: a script of the attacker runs inside a page of this server.

use app::lab::{Attack, Check, Outcome};
use auth::{AuthError, ModeInfo, Seconds};

use super::{TrialResult, result};
use crate::lab::{ask::Defence, sandbox::Sandbox, study::Study};

/// From the theft to the use of the loot, somewhere else.
const LATER: Seconds = Seconds(10);

impl Study {
    pub(super) async fn script(&self) -> Result<Attack, AuthError> {
        let mut trials = Vec::new();
        for (condition, without) in [
            ("The cookies are HttpOnly, the token is in memory", None),
            ("The cookies are not HttpOnly", Some(Defence::HttpOnly)),
        ] {
            let trial =
                self.trial(condition, Check::Account, |sandbox, mode| Box::pin(injects_script(sandbox, mode, without)));
            trials.push(trial.await?);
        }
        Ok(Attack {
            title: "A script runs inside the page (XSS)",
            about: "The script opens /me and rotates the credential from inside, and sends home what it can read: the answers, the \
                    token in the page, and each cookie that is not HttpOnly. Ten seconds later, the attacker opens /me with the \
                    loot, in a client without cookies. HttpOnly keeps a cookie inside the browser. It does not stop the script from \
                    acting for the user while the page is open. Only the Content-Security-Policy keeps the script out.",
            trials,
        })
    }
}

async fn injects_script(sandbox: &Sandbox, mode: &'static ModeInfo, without: Option<Defence>) -> TrialResult {
    let mut page = sandbox.visitor(mode).await?;
    let inside = page.me().await?.status.is_success() && page.rotate().await?.status.is_success();
    let mut attacker = page.readable(without);
    sandbox.move_to(sandbox.now().plus(LATER));
    let answer = attacker.me().await?;
    let (outcome, evidence) = match (answer.status.is_success(), inside) {
        (true, _) => (Outcome::Succeeds, "The loot opens /me from another client."),
        (false, true) => (Outcome::Contained, "The script could act in the page. The loot opens nothing."),
        (false, false) => (Outcome::Stopped, "The script could not act in the page."),
    };
    Ok(Some(result(outcome, evidence.to_owned(), answer)))
}
