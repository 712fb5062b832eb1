//! Claims about cookies, and about tokens in place of them.

use app::lab::{Action, Check, Claim, ClaimVerdict, Column, Each, Exchange, Text};
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
            words: "쿠키는 CSRF … 공격에 노출될 수 있으므로 HTTPS를 통해 전송되어야 합니다",
            meaning: Text::fixed(
                "Cookies are exposed to CSRF, so they must be sent by HTTPS.",
                "쿠키는 CSRF에 노출되므로 HTTPS로 보내야 한다.",
            ),
            experiment: Text::fixed(
                "Let a page of another site, and one of a sibling host, submit a form to the HTTPS origin.",
                "다른 사이트의 페이지와 형제 호스트의 페이지가 HTTPS 출처에 폼을 보내게 합니다.",
            ),
        };
        let Some((sandbox, mode)) = self.found(Kind::Session).await? else { return Ok(None) };
        let mut owner = sandbox.visitor(mode).await?;
        let other = owner.send(Ask::forged(mode, Site::Other)).await?.exchange;
        let sibling = owner.send(Ask::forged(mode, Site::Sibling)).await?.exchange;
        let cookie = |forged: &Exchange| forged.request_headers.iter().any(|(name, _)| name == "cookie");
        let with = |forged: &Exchange| {
            if cookie(forged) { ("with the cookie", "쿠키 있음") } else { ("without the cookie", "쿠키 없음") }
        };
        let ((others, others_korean), (siblings, siblings_korean)) = (with(&other), with(&sibling));
        let (first, second) = (other.status, sibling.status);
        let evidence = Text::new(
            format!(
                "The form of the other site arrived {others} (SameSite), and that of the sibling host {siblings}. Both came to the \
                 HTTPS origin, and were answered {first} and {second} by their Fetch Metadata."
            ),
            format!(
                "다른 사이트의 폼: {others_korean} (SameSite), 형제 호스트의 폼: {siblings_korean}. 둘 다 HTTPS 출처에 도착했고, \
                 서버가 Fetch Metadata를 보고 응답했습니다: {first}, {second}."
            ),
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
            words: "로컬 스토리지 … CSRF 공격에 취약할 수 있으므로 주의해야 합니다",
            meaning: Text::fixed(
                "A token in localStorage can be vulnerable to CSRF.",
                "로컬 스토리지에 있는 토큰은 CSRF에 취약할 수 있다.",
            ),
            experiment: Text::fixed(
                "Let a sibling host submit the same form to a mode with a bearer token.",
                "형제 호스트가 베어러 토큰 방식에 같은 폼을 보내게 합니다.",
            ),
        };
        let Some((sandbox, mode)) = self.found(Kind::StoredToken).await? else { return Ok(None) };
        let forged = sandbox.visitor(mode).await?.send(Ask::forged(mode, Site::Sibling)).await?;
        let verdict = if forged.status == StatusCode::UNAUTHORIZED { ClaimVerdict::Fails } else { ClaimVerdict::Holds };
        let status = forged.status.as_u16();
        let evidence = Text::new(
            format!("{status}: no browser adds a bearer token by itself. The danger is an injected script."),
            format!(
                "{status}: 어떤 브라우저도 베어러 토큰을 스스로 붙이지 않습니다. 위험한 것은 주입된 스크립트입니다."
            ),
        );
        Ok(Some(quoted.decided(verdict, evidence)))
    }

    pub(super) async fn deleted_cookie(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: COMPARED,
            words: "쿠키(Cookie)를 삭제하면 세션도 만료된다",
            meaning: Text::fixed(
                "If the cookie is deleted, the session expires, too.",
                "쿠키를 삭제하면 세션도 만료된다.",
            ),
            experiment: Text::fixed(
                "Copy the cookie, delete it in the browser, and open /me with the copy.",
                "쿠키를 복사하고, 브라우저에서 삭제한 다음, 복사본으로 /me를 엽니다.",
            ),
        };
        let Some((sandbox, mode)) = self.found(Kind::Session).await? else { return Ok(None) };
        let mut owner = sandbox.visitor(mode).await?;
        let mut thief = owner.stolen();
        owner.client.delete_cookies();
        let status = thief.me().await?.status;
        let verdict = if status == StatusCode::OK { ClaimVerdict::Fails } else { ClaimVerdict::Holds };
        let status = status.as_u16();
        let evidence = Text::new(
            format!("The copy was answered {status}. A logout ends the row; a deletion does not."),
            format!("복사본의 응답: {status}. 로그아웃은 행을 끝내지만, 삭제는 끝내지 않습니다."),
        );
        Ok(Some(quoted.decided(verdict, evidence)))
    }

    pub(super) async fn stolen_cookie(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: COMPARED,
            words: "쿠키(Cookie)를 탈취하여 다른 사람에게 사용될 수 있습니다",
            meaning: Text::fixed(
                "A stolen cookie can be used by another person.",
                "탈취한 쿠키는 다른 사람이 사용할 수 있다.",
            ),
            experiment: Text::fixed(
                "Copy the credential of every mode, and open /me with the copy.",
                "모든 방식의 인증 정보를 복사하고, 복사본으로 /me를 엽니다.",
            ),
        };
        let sandbox = self.sandbox(Check::Account).await?;
        for action in [Each::LogIn, Each::Steal, Each::ThiefMe].map(Action::Each) {
            sandbox.act(action, None).await?;
        }
        let columns = sandbox.report().await?.columns;
        let works = columns.iter().filter(|column| status(column) == 200).count();
        let all = columns.len();
        let evidence = Text::new(
            format!("The copy worked in {works} of {all} modes: it is as true of tokens."),
            format!("방식 {all}개 중 {works}개에서 복사본이 유효했습니다. 토큰도 마찬가지입니다."),
        );
        Ok(Some(quoted.decided(if works > 0 { ClaimVerdict::Holds } else { ClaimVerdict::Fails }, evidence)))
    }

    pub(super) async fn token_is_stronger(&self) -> Result<Option<Claim>, AuthError> {
        let quoted = Quoted {
            source: COMPARED,
            words: "토큰(Token)은 클라이언트 측에서 저장되기 때문에, 쿠키(Cookie)와 달리 보안에 강합니다",
            meaning: Text::fixed(
                "A token is stored by the client. So, unlike a cookie, it is secure.",
                "토큰은 클라이언트에 저장되므로 쿠키와 달리 안전하다.",
            ),
            experiment: Text::fixed(
                "Log in, and look at what a script of the page can read.",
                "로그인하고, 페이지의 스크립트가 무엇을 읽을 수 있는지 봅니다.",
            ),
        };
        let Some((session, its_mode)) = self.signed_in(Kind::Session, Check::Account).await? else { return Ok(None) };
        let Some((token, mode)) = self.signed_in(Kind::StoredToken, Check::Account).await? else { return Ok(None) };
        let readable =
            |column: &Column| column.owner.iter().filter(|held| !is_http_only(held.attributes.as_deref())).count();
        let cookie = readable(&column(&session, its_mode).await?);
        let token = readable(&column(&token, mode).await?);
        let verdict = if token > cookie { ClaimVerdict::Fails } else { ClaimVerdict::Holds };
        let evidence = Text::new(
            format!("A script can read {cookie} credentials of the session (HttpOnly), and {token} of the token."),
            format!("스크립트가 읽을 수 있는 인증 정보 – 세션(HttpOnly): {cookie}개, 토큰: {token}개."),
        );
        Ok(Some(quoted.decided(verdict, evidence)))
    }
}

fn is_http_only(attributes: Option<&str>) -> bool {
    attributes.is_some_and(|attributes| attributes.split("; ").any(|attribute| attribute == "HttpOnly"))
}
