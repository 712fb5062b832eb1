//! Cross-site scripting: a script of the attacker runs inside a page of this server.

use app::lab::{Attack, Check, Outcome, Text};
use auth::{AuthError, ModeInfo, Seconds};

use super::{TrialResult, result};
use crate::lab::{ask::Defence, sandbox::Sandbox, study::Study};

/// From the theft to the use of the loot, somewhere else.
const LATER: Seconds = Seconds(10);

impl Study {
    pub(super) async fn script(&self) -> Result<Attack, AuthError> {
        let mut trials = Vec::new();
        for (condition, without) in [
            (
                Text::fixed(
                    "The cookies are HttpOnly, the token is in memory",
                    "쿠키는 HttpOnly이고, 토큰은 메모리에 있다",
                ),
                None,
            ),
            (Text::fixed("The cookies are not HttpOnly", "쿠키가 HttpOnly가 아니다"), Some(Defence::HttpOnly)),
        ] {
            let trial =
                self.trial(condition, Check::Account, |sandbox, mode| Box::pin(injects_script(sandbox, mode, without)));
            trials.push(trial.await?);
        }
        Ok(Attack {
            title: Text::fixed("A script runs inside the page (XSS)", "페이지 안에서 스크립트가 실행된다 (XSS)"),
            about: Text::fixed(
                "The script opens /me and rotates the credential from inside, and sends home what it can read: the answers, the \
                 token in the page, and each cookie that is not HttpOnly. Ten seconds later, the attacker opens /me with the \
                 loot, in a client without cookies. HttpOnly keeps a cookie inside the browser. It does not stop the script from \
                 acting for the user while the page is open. Only the Content-Security-Policy keeps the script out.",
                "스크립트가 안에서 /me를 열고 인증 정보를 회전하며, 읽을 수 있는 것을 밖으로 보냅니다. 응답, 페이지에 있는 토큰, \
                 HttpOnly가 아닌 쿠키입니다. 10초 뒤 공격자가 쿠키 없는 클라이언트에서 그 전리품으로 /me를 엽니다. HttpOnly는 쿠키가 브라우저 밖으로 나가지 않게 합니다. 그러나 페이지가 열려 있는 동안 스크립트가 사용자의 권한으로 동작하는 것은 막지 못합니다. \
                 Content-Security-Policy만 스크립트를 막습니다.",
            ),
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
        (true, _) => (
            Outcome::Succeeds,
            Text::fixed("The loot opens /me from another client.", "전리품으로 다른 클라이언트에서 /me가 열립니다."),
        ),
        (false, true) => (
            Outcome::Contained,
            Text::fixed(
                "The script could act in the page. The loot opens nothing.",
                "스크립트가 페이지에서 동작할 수 있었습니다. 전리품으로는 아무것도 열리지 않습니다.",
            ),
        ),
        (false, false) => (
            Outcome::Stopped,
            Text::fixed("The script could not act in the page.", "스크립트가 페이지에서 동작하지 못했습니다."),
        ),
    };
    Ok(Some(result(outcome, evidence, answer)))
}
