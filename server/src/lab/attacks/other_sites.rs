//! Cross-site request forgery: a page of another host makes the user's browser send a request, and the browser adds the
//! user's cookies.

use app::lab::{Attack, Check, Outcome, Text};
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
            (Text::fixed("A form on another site", "다른 사이트의 폼"), Site::Other, None),
            (
                Text::fixed("A form on another host of the same site", "같은 사이트의 다른 호스트에 있는 폼"),
                Site::Sibling,
                None,
            ),
            (
                Text::fixed(
                    "A form on another site; the cookie has no SameSite",
                    "다른 사이트의 폼. 쿠키에 SameSite가 없다",
                ),
                Site::Other,
                Some(Defence::SameSite),
            ),
            (
                Text::fixed(
                    "A form on another host of the same site; the server does not check Sec-Fetch-Site",
                    "같은 사이트의 다른 호스트에 있는 폼. 서버가 Sec-Fetch-Site를 검사하지 않는다",
                ),
                Site::Sibling,
                Some(Defence::FetchMetadata),
            ),
        ] {
            let trial = self
                .trial(condition, Check::Account, |sandbox, mode| Box::pin(sends_form(sandbox, mode, from, without)));
            trials.push(trial.await?);
        }
        Ok(Attack {
            title: Text::fixed(
                "A page of another host sends a form (CSRF)",
                "다른 호스트의 페이지가 폼을 보낸다 (CSRF)",
            ),
            about: Text::fixed(
                "The user is signed in and visits a page of the attacker. It sends a form to this server, which asks for a \
                 rotation. The attacker cannot read the answer. SameSite stops other sites, but no other host of the same \
                 site; Fetch Metadata stops both. A bearer token is never added by the browser.",
                "로그인한 사용자가 공격자의 페이지를 엽니다. 그 페이지가 회전을 요청하는 폼을 이 서버에 보냅니다. 공격자는 응답을 읽을 수 \
                 없습니다. SameSite는 다른 사이트를 막지만 같은 사이트의 다른 호스트는 막지 못하고, Fetch Metadata는 둘 다 막습니다. \
                 브라우저는 베어러 토큰을 스스로 붙이지 않습니다.",
            ),
            trials,
        })
    }
}

async fn sends_form(sandbox: &Sandbox, mode: &'static ModeInfo, from: Site, without: Option<Defence>) -> TrialResult {
    let answer = sandbox.visitor(mode).await?.send(Ask::forged(mode, from).without(without)).await?;
    let sent = answer.exchange.request_headers.iter().any(|(name, _)| name == "cookie");
    let status = answer.status.as_u16();
    let (outcome, evidence) = match (answer.status.is_success(), sent) {
        (true, _) => (Outcome::Succeeds, ("the server rotated the credential", "서버가 인증 정보를 회전했습니다")),
        (false, true) => {
            (Outcome::Stopped, ("the cookie arrived, and the server refused", "쿠키가 도착했고, 서버가 거부했습니다"))
        }
        (false, false) => {
            (Outcome::Stopped, ("the browser sent no credential", "브라우저가 인증 정보를 보내지 않았습니다"))
        }
    };
    let (english, korean) = evidence;
    let evidence = Text::new(format!("{status}: {english}."), format!("{status}: {korean}."));
    Ok(Some(result(outcome, evidence, answer)))
}
