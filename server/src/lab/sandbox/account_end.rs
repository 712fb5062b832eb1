//! What ends the sign-ins of the account, or those that a key protects.

use app::lab::AccountEnd;
use auth::{AuthError, Revocation, Timestamp};
use serde_json::{Value, json};

use super::{PASSWORDS, Turn, chosen};

impl Turn<'_> {
    pub(super) async fn end(&mut self, end: AccountEnd, mode: Option<&str>) -> Result<String, AuthError> {
        match end {
            AccountEnd::Disable => {
                let revocation = self.sandbox.auth.disable(&self.sandbox.user).await?;
                self.announce(match revocation {
                    Revocation::Immediate => Some(self.sandbox.auth.now()),
                    Revocation::AtExpiry(until) => Some(until),
                    Revocation::Unreadable => None,
                });
                Ok("The account is disabled. No login succeeds.".to_owned())
            }
            AccountEnd::Enable => {
                self.sandbox.auth.enable(&self.sandbox.user).await?;
                Ok("The account is enabled. The old sign-ins stay ended: log in again.".to_owned())
            }
            AccountEnd::RetireKey => self.retire_key().await,
            AccountEnd::LogOutEverywhere => {
                Ok(match self.ask_for_account("logout-everywhere", json!({}), mode).await? {
                    Ok(name) => format!("The account is logged out everywhere, by {name}."),
                    Err(refused) => refused,
                })
            }
            AccountEnd::ChangePassword => {
                let new = (self.state.password + 1) % PASSWORDS.len();
                let fields = json!({ "current": PASSWORDS[self.state.password], "new": PASSWORDS[new] });
                Ok(match self.ask_for_account("password", fields, mode).await? {
                    Ok(name) => {
                        self.state.password = new;
                        format!("The password is changed, by {name}. Every other sign-in has ended.")
                    }
                    Err(refused) => refused,
                })
            }
        }
    }

    /// Calls `/api/account/{call}` by the first mode whose credential is accepted. Returns its name, or why no mode did
    /// it.
    async fn ask_for_account(
        &mut self,
        call: &str,
        fields: Value,
        mode: Option<&str>,
    ) -> Result<Result<&'static str, String>, AuthError> {
        let now = self.sandbox.auth.now();
        let mut refused = "The owner is not signed in.".to_owned();
        for column in chosen(&mut self.state.columns, mode) {
            if column.owner.is_empty(now) {
                continue;
            }
            let name = column.info.name;
            let (status, refused_from) = column.account(&self.sandbox.router, call, fields.clone(), now).await?;
            if status.is_success() {
                self.announce(refused_from);
                return Ok(Ok(name));
            }
            refused = format!("{name}: {}", status.as_u16());
        }
        Ok(Err(refused))
    }

    fn announce(&mut self, refused_from: Option<Timestamp>) {
        let now = self.sandbox.auth.now();
        self.state.columns.iter_mut().for_each(|column| column.end(now, refused_from));
    }

    async fn retire_key(&mut self) -> Result<String, AuthError> {
        let Some(old) = self.sandbox.retire_key().await? else {
            return Ok("There is no key yet: it is created by the first login that needs one.".to_owned());
        };
        let now = self.sandbox.now();
        for column in self.state.columns.iter_mut().filter(|column| column.info.needs_key) {
            column.end(now, None);
        }
        Ok(format!("The key {} is retired. What it sealed or signed is refused.", old.kid.as_str()))
    }
}
