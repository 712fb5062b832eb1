//! Claims about cookies, and about tokens in place of them.

use app::lab::{Action, Check, Claim, ClaimVerdict, Column, Each, Exchange};
use auth::AuthError;
use http::StatusCode;

use super::{COMPARED, DRF, Kind, Quoted, column, status};
use crate::lab::{
    ask::{Ask, Site},
    study::Study,
};

impl Study {
    pub(super) async fn https_against_csrf(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: DRF,
            korean: "쿠키는 CSRF … 공격에 노출될 수 있으므로 HTTPS를 통해 전송되어야 합니다",
            english: "Cookies are exposed to CSRF, so they must be sent by HTTPS.",
            experiment: "Let a page of another site, and one of a sibling host, submit a form to the HTTPS origin.",
        };
        let Some((sandbox, mode)) = self.found(Kind::Session).await? else { return Ok(None) };
        let mut owner = sandbox.visitor(mode).await?;
        let other = owner.send(Ask::forged(mode, Site::Other)).await?.exchange;
        let sibling = owner.send(Ask::forged(mode, Site::Sibling)).await?.exchange;
        let cookie = |forged: &Exchange| forged.request_headers.iter().any(|(name, _)| name == "cookie");
        let with = |forged: &Exchange| if cookie(forged) { "with the cookie" } else { "without the cookie" };
        let evidence = format!(
            "The form of the other site arrived {} (SameSite), and that of the sibling host {}. Both came to the HTTPS origin, and \
             were answered {} and {} by their Fetch Metadata.",
            with(&other),
            with(&sibling),
            other.status,
            sibling.status
        );
        let verdict = match (cookie(&sibling), sibling.status) {
            // Cookies are exposed. What helps is another remedy.
            (true, 403) => ClaimVerdict::Partly,
            (true, _) => ClaimVerdict::Holds,
            (false, _) => ClaimVerdict::Fails,
        };
        Ok(Some(quoted.decided(verdict, evidence)))
    }

    pub(super) async fn csrf_of_a_stored_token(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: DRF,
            korean: "로컬 스토리지 … CSRF 공격에 취약할 수 있으므로 주의해야 합니다",
            english: "A token in localStorage can be vulnerable to CSRF.",
            experiment: "Let a sibling host submit the same form to a mode with a bearer token.",
        };
        let Some((sandbox, mode)) = self.found(Kind::StoredToken).await? else { return Ok(None) };
        let forged = sandbox.visitor(mode).await?.send(Ask::forged(mode, Site::Sibling)).await?;
        let verdict = if forged.status == StatusCode::UNAUTHORIZED { ClaimVerdict::Fails } else { ClaimVerdict::Holds };
        let evidence = format!(
            "{}: no browser adds a bearer token by itself. The danger is an injected script.",
            forged.status.as_u16()
        );
        Ok(Some(quoted.decided(verdict, evidence)))
    }

    pub(super) async fn deleted_cookie(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: COMPARED,
            korean: "쿠키(Cookie)를 삭제하면 세션도 만료된다",
            english: "If the cookie is deleted, the session expires, too.",
            experiment: "Copy the cookie, delete it in the browser, and open /me with the copy.",
        };
        let Some((sandbox, mode)) = self.found(Kind::Session).await? else { return Ok(None) };
        let mut owner = sandbox.visitor(mode).await?;
        let mut thief = owner.stolen();
        owner.client.delete_cookies();
        let status = thief.me().await?.status;
        let verdict = if status == StatusCode::OK { ClaimVerdict::Fails } else { ClaimVerdict::Holds };
        Ok(Some(quoted.decided(
            verdict,
            format!("The copy was answered {}. A logout ends the row; a deletion does not.", status.as_u16()),
        )))
    }

    pub(super) async fn stolen_cookie(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: COMPARED,
            korean: "쿠키(Cookie)를 탈취하여 다른 사람에게 사용될 수 있습니다",
            english: "A stolen cookie can be used by another person.",
            experiment: "Copy the credential of every mode, and open /me with the copy.",
        };
        let sandbox = self.sandbox(Check::Account).await?;
        for action in [Each::LogIn, Each::Steal, Each::ThiefMe].map(Action::Each) {
            sandbox.act(action, None).await?;
        }
        let columns = sandbox.report().await?.columns;
        let works = columns.iter().filter(|column| status(column) == 200).count();
        let evidence = format!("The copy worked in {works} of {} modes: it is as true of tokens.", columns.len());
        Ok(Some(quoted.decided(if works > 0 { ClaimVerdict::Holds } else { ClaimVerdict::Fails }, evidence)))
    }

    pub(super) async fn token_is_stronger(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: COMPARED,
            korean: "토큰(Token)은 클라이언트 측에서 저장되기 때문에, 쿠키(Cookie)와 달리 보안에 강합니다",
            english: "A token is stored by the client. So, unlike a cookie, it is secure.",
            experiment: "Log in, and look at what a script of the page can read.",
        };
        let Some((session, its_mode)) = self.signed_in(Kind::Session, Check::Account).await? else { return Ok(None) };
        let Some((token, mode)) = self.signed_in(Kind::StoredToken, Check::Account).await? else { return Ok(None) };
        let readable =
            |column: &Column| column.owner.iter().filter(|held| !is_http_only(held.attributes.as_deref())).count();
        let cookie = readable(&column(&session, its_mode).await?);
        let token = readable(&column(&token, mode).await?);
        let verdict = if token > cookie { ClaimVerdict::Fails } else { ClaimVerdict::Holds };
        let evidence =
            format!("A script can read {cookie} credentials of the session (HttpOnly), and {token} of the token.");
        Ok(Some(quoted.decided(verdict, evidence)))
    }
}

fn is_http_only(attributes: Option<&str>) -> bool {
    attributes.is_some_and(|attributes| attributes.split("; ").any(|attribute| attribute == "HttpOnly"))
}
