//! What ends the sign-ins of the account, or those that a key protects.

use app::lab::{AccountEnd, Text};
use auth::{AuthError, ModeInfo, Revocation, Timestamp};
use serde_json::{Value, json};

use super::{PASSWORDS, Turn, chosen};

impl Turn<'_> {
    pub(super) async fn end(&mut self, end: AccountEnd, mode: Option<&str>) -> Result<Text, AuthError> {
        match end {
            AccountEnd::Disable => {
                let revocation = self.sandbox.auth.disable(&self.sandbox.user).await?;
                self.announce(match revocation {
                    Revocation::Immediate => Some(self.sandbox.auth.now()),
                    Revocation::AtExpiry(until) => Some(until),
                    Revocation::Unreadable => None,
                });
                Ok(Text::fixed(
                    "The account is disabled. No login succeeds.",
                    "계정이 비활성화되었습니다. 로그인할 수 없습니다.",
                ))
            }
            AccountEnd::Enable => {
                self.sandbox.auth.enable(&self.sandbox.user).await?;
                Ok(Text::fixed(
                    "The account is enabled. The old sign-ins stay ended: log in again.",
                    "계정이 활성화되었습니다. 이전 로그인은 끝난 채로 있습니다. 다시 로그인하십시오.",
                ))
            }
            AccountEnd::RetireKey => self.retire_key().await,
            AccountEnd::LogOutEverywhere => {
                Ok(match self.ask_for_account("logout-everywhere", json!({}), mode).await? {
                    Ok(ModeInfo { name, korean, .. }) => Text::new(
                        format!("The account is logged out everywhere, by {name}."),
                        format!("계정을 모든 곳에서 로그아웃했습니다. 사용한 방식: {}.", korean.name),
                    ),
                    Err(refused) => refused,
                })
            }
            AccountEnd::ChangePassword => {
                let new = (self.state.password + 1) % PASSWORDS.len();
                let fields = json!({ "current": PASSWORDS[self.state.password], "new": PASSWORDS[new] });
                Ok(match self.ask_for_account("password", fields, mode).await? {
                    Ok(ModeInfo { name, korean, .. }) => {
                        self.state.password = new;
                        Text::new(
                            format!("The password is changed, by {name}. Every other sign-in has ended."),
                            format!(
                                "비밀번호를 변경했습니다. 사용한 방식: {}. 다른 로그인은 모두 끝났습니다.",
                                korean.name
                            ),
                        )
                    }
                    Err(refused) => refused,
                })
            }
        }
    }

    /// Calls `/api/account/{call}` by the first mode whose credential is accepted. Returns the mode, or why no mode did
    /// it.
    async fn ask_for_account(
        &mut self,
        call: &str,
        fields: Value,
        mode: Option<&str>,
    ) -> Result<Result<&'static ModeInfo, Text>, AuthError> {
        let now = self.sandbox.auth.now();
        let mut refused = Text::fixed("The owner is not signed in.", "소유자가 로그인되어 있지 않습니다.");
        for column in chosen(&mut self.state.columns, mode) {
            if column.owner.is_empty(now) {
                continue;
            }
            let info = column.info;
            let (status, refused_from) = column.account(&self.sandbox.router, call, fields.clone(), now).await?;
            if status.is_success() {
                self.announce(refused_from);
                return Ok(Ok(info));
            }
            let status = status.as_u16();
            refused = Text::new(format!("{}: {status}", info.name), format!("{}: {status}", info.korean.name));
        }
        Ok(Err(refused))
    }

    fn announce(&mut self, refused_from: Option<Timestamp>) {
        let now = self.sandbox.auth.now();
        self.state.columns.iter_mut().for_each(|column| column.end(now, refused_from));
    }

    async fn retire_key(&mut self) -> Result<Text, AuthError> {
        let Some(old) = self.sandbox.retire_key().await? else {
            return Ok(Text::fixed(
                "There is no key yet: it is created by the first login that needs one.",
                "아직 키가 없습니다. 키가 필요한 첫 로그인이 키를 만듭니다.",
            ));
        };
        let now = self.sandbox.now();
        for column in self.state.columns.iter_mut().filter(|column| column.info.needs_key) {
            column.end(now, None);
        }
        let kid = old.kid.as_str();
        Ok(Text::new(
            format!("The key {kid} is retired. What it sealed or signed is refused."),
            format!("키를 폐기했습니다: {kid}. 이 키로 봉인하거나 서명한 것은 거부됩니다."),
        ))
    }
}
