//! "Your devices": what a user is signed in by, and ending any of it.

use http::request::Parts;

use crate::{
    Auth,
    audit::{Action, Event, Outcome},
    error::{AuthError, Refusal},
    mode::ModeId,
    mode::issued::{Issued, Revocation},
    mode::principal::{Credential, CredentialId, Principal},
    secret::is_id,
    users::{self, User, UserId},
};

/// One live credential of a user.
#[derive(Clone, Debug)]
pub struct ListedCredential {
    /// The mode that it belongs to.
    pub mode: ModeId,
    /// Its dates, and what is known of its holder.
    pub credential: Credential,
    /// It is the one that the caller shows.
    pub current: bool,
}

/// A caller that was signed in anew, after everything of the account has ended.
#[derive(Debug)]
pub struct Afresh {
    /// The one credential that works.
    pub issued: Issued,
    /// When the end of all others takes hold.
    pub revocation: Revocation,
}

impl Outcome for Afresh {
    fn word(&self) -> &'static str {
        self.issued.word()
    }

    fn credential(&self) -> Option<&CredentialId> {
        self.issued.credential()
    }
}

impl Auth {
    /// The caller's live credentials in every mode that keeps a list, newest first within each mode.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn credentials(&self, mode: &str, req: &Parts) -> Result<Vec<ListedCredential>, AuthError> {
        let caller = self.caller(mode, req).await?;
        let mut listed = self.credentials_of(&caller.user_id).await?;
        for entry in &mut listed {
            entry.current = caller.mode == entry.mode && caller.credential.as_ref() == Some(&entry.credential.id);
        }
        Ok(listed)
    }

    /// The user's live credentials in every mode that keeps a list, newest first within each mode. Nobody asks, so none is the
    /// caller's.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn credentials_of(&self, user: &UserId) -> Result<Vec<ListedCredential>, AuthError> {
        let now = self.now();
        let mut listed = Vec::new();
        for mode in self.modes.iter() {
            let id = mode.info().id;
            let credentials = mode.list(user, now).await?;
            listed.extend(credentials.into_iter().map(|credential| ListedCredential {
                mode: id,
                credential,
                current: false,
            }));
        }
        Ok(listed)
    }

    /// Ends one credential of the caller, of whatever mode.
    ///
    /// # Errors
    /// [`AuthError::UnknownCredential`] if the caller has none of that name; [`AuthError::Throttled`]; else as
    /// [`Auth::credentials`].
    pub async fn end_credential(&self, mode: &str, id: &CredentialId, req: &Parts) -> Result<(), AuthError> {
        let caller = self.caller(mode, req).await?;
        let now = self.now();
        let end = async {
            if !is_id(id.as_str()) {
                return Err(AuthError::UnknownCredential);
            }
            for mode in self.modes.iter() {
                if mode.end(&caller.user_id, id, now).await? {
                    return Ok(());
                }
            }
            Err(AuthError::UnknownCredential)
        };
        let outcome = self.counted(Some(&caller.user_id), end).await;
        let event =
            Event { user: Some(&caller.user_id), credential: Some(id), ..Event::new(Action::EndCredential, req) };
        self.record(event, outcome.as_ref()).await;
        outcome
    }

    /// Ends every credential of the caller, in every mode, and gives it a new one by the mode that it is signed in by. Also those
    /// that no list knows: a copied cookie cannot be ended alone, only with all that carry the same epoch.
    ///
    /// # Errors
    /// [`AuthError::Throttled`]; else as [`Auth::credentials`].
    pub async fn end_other_credentials(&self, mode: &str, req: &Parts) -> Result<Afresh, AuthError> {
        let caller = self.caller(mode, req).await?;
        let afresh = async {
            let user = users::find_by_id(&self.base.db, &caller.user_id).await?.ok_or(Refusal::UserGone)?;
            // Once more, after the epoch was read: what has ended the caller until now refuses it, and what ends everything from
            // now on moves the epoch. More strictly, too: an access token outlives its sign-in, and must not become a new one.
            self.find_mode(mode)?.authenticate_for_renewal(req, self.now()).await?.ok_or(AuthError::Missing)?;
            self.start_afresh(mode, user, req).await
        };
        let outcome = self.counted(Some(&caller.user_id), afresh).await;
        let event =
            Event { mode: Some(caller.mode), user: Some(&caller.user_id), ..Event::new(Action::EndOthers, req) };
        self.record(event, outcome.as_ref()).await;
        outcome
    }

    /// Ends everything that the user is signed in by, and signs in anew whoever asks for it, as of the epoch of `user`.
    pub(crate) async fn start_afresh(&self, mode: &str, user: User, req: &Parts) -> Result<Afresh, AuthError> {
        let mode = self.find_mode(mode)?;
        let (db, now) = (&self.base.db, self.now());
        // As [`Auth::revoke_everywhere`]. But somebody else may be ending everything as well: an administrator, or the user, because
        // this very caller is a thief. Then nothing may begin here. So every step of the epoch has to be ours, until the new
        // credential is there. See [`Auth::issue_unless_revoked`].
        let user = users::bump_epoch_from(db, user).await?;
        self.revoke_in_every_mode(&user.id, now).await?;
        let user = users::bump_epoch_from(db, user).await?;
        let revocation = self.revoke_in_every_mode(&user.id, now).await?;
        let issued = mode.issue(&user, req, now).await?;
        if users::is_current(db, &user).await? {
            return Ok(Afresh { issued, revocation });
        }
        mode.revoke_all(&user.id, now).await?;
        Err(Refusal::Revoked.into())
    }

    pub(crate) async fn caller(&self, mode: &str, req: &Parts) -> Result<Principal, AuthError> {
        self.identify(mode, req).await?.map(|found| found.principal).ok_or(AuthError::Missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        on_both_databases,
        testing::{World, present, request},
    };

    on_both_databases! {
        async fn a_fresh_start_that_was_overtaken_leaves_no_credential(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let alice = world.sign_up("alice").await.unwrap();
            for mode in world.auth.modes.iter() {
                let id = mode.info().id;
                let before = users::find_by_id(world.auth.db(), &alice).await.unwrap().unwrap();
                world.auth.expire(&alice).await.unwrap();
                let refused = world.auth.start_afresh(id.0, before, &request(&[])).await;
                assert!(matches!(refused, Err(AuthError::Refused(Refusal::Revoked))), "{id}");
                assert!(mode.list(&alice, world.auth.now()).await.unwrap().is_empty(), "{id}");
            }
        }

        // Whichever came first: a fresh start that was before the expiry has ended with it, one that comes after has no caller.
        async fn no_fresh_start_outlives_an_expiry_at_the_same_time(driver: Driver) {
            let world = World::with_settings(driver, &[("THROTTLE_USER", "off")]).await.unwrap();
            let alice = world.sign_up("alice").await.unwrap();
            for mode in world.modes() {
                for round in 0..20 {
                    let caller = world.log_in(mode, "alice").await.unwrap();
                    // Each round, the expiry begins somewhere else within the fresh start.
                    let expire = async {
                        for _ in 0..round {
                            tokio::task::yield_now().await;
                        }
                        world.auth.expire(&alice).await
                    };
                    let (afresh, expired) = tokio::join!(world.auth.end_other_credentials(mode.0, &caller), expire);
                    expired.unwrap();
                    if let Ok(afresh) = afresh {
                        let outcome = world.auth.identify(mode.0, &present(&afresh.issued)).await;
                        assert!(matches!(outcome, Err(AuthError::Refused(_))), "{mode}, round {round}");
                    }
                    assert!(world.auth.credentials_of(&alice).await.unwrap().is_empty(), "{mode}, round {round}");
                }
            }
        }
    }
}
