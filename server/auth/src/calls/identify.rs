//! Being recognised.

use http::request::Parts;

use crate::{
    Auth,
    error::{AuthError, Refusal},
    mode::{
        AuthMode, ModeId,
        issued::Resealed,
        principal::{Lifetime, Principal, Recognised},
        shown::Shown,
    },
    settings::{Settings, SettingsError},
    sign_in::{self, EndReason},
};

/// Setting `REPLACED_CREDENTIAL`: what the use of a credential does that a rotation has replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplacedCredential {
    /// `refuse`, the default. A request that was under way during the rotation does no harm.
    Refuse,
    /// `end`. Two parties may hold a copy, so the sign-in ends. A request that was under way during the rotation ends it, too.
    End,
}

impl ReplacedCredential {
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        const NAME: &str = "REPLACED_CREDENTIAL";
        match settings.text(NAME) {
            None | Some("refuse") => Ok(Self::Refuse),
            Some("end") => Ok(Self::End),
            Some(_) => Err(SettingsError { name: NAME, expected: "refuse or end".to_owned() }),
        }
    }
}

impl Auth {
    /// Recognises the caller by one mode. `Ok(None)`: it shows no credential of that mode.
    ///
    /// # Errors
    /// [`AuthError::Refused`] if it shows one that does not work; [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn identify(&self, mode: &str, req: &Parts) -> Result<Option<Principal>, AuthError> {
        let mode = self.find_mode(mode)?;
        match mode.authenticate(req, self.base.access_check, self.now()).await {
            Ok(None) => Ok(None),
            Ok(Some(recognised)) => self.used(mode.as_ref(), recognised, req).await.map(Some),
            Err(error) => {
                self.refused(mode.as_ref(), &error, req).await?;
                Err(error)
            }
        }
    }

    /// The caller of one mode.
    ///
    /// # Errors
    /// [`AuthError::Missing`]; else as [`Auth::identify`].
    pub async fn caller(&self, mode: &str, req: &Parts) -> Result<Principal, AuthError> {
        self.identify(mode, req).await?.ok_or(AuthError::Missing)
    }

    /// Writes that the sign-in is used, if it is time to, and tells the dates as they are then.
    async fn used(&self, mode: &dyn AuthMode, recognised: Recognised, req: &Parts) -> Result<Principal, AuthError> {
        let Recognised { user, sign_in, mut lifetime, used } = recognised;
        let (now, idle) = (self.now(), mode.lifetimes(req).idle);
        if let Some(row) = used.filter(|row| row.is_touch_due(idle, now)) {
            lifetime.expires_at = Lifetime::idle_end(now, idle, row.absolute_expires_at);
            sign_in::touch(&self.base.db, &row.id, lifetime.expires_at, now).await?;
        }
        let (user_id, username, role) = (user.id, user.username, user.role);
        Ok(Principal { user_id, username, role, mode: mode.info().id, sign_in, lifetime })
    }

    /// What follows from a credential that is refused.
    async fn refused(&self, mode: &dyn AuthMode, error: &AuthError, req: &Parts) -> Result<(), AuthError> {
        let is_replaced = matches!(error, AuthError::Refused(Refusal::Replaced(_)));
        if is_replaced
            && self.replaced_credential == ReplacedCredential::End
            && let Shown::Genuine(owner) = mode.shown(req, self.now()).await?
        {
            return self.end_by_token(mode.info().id, &owner, EndReason::Reused, req).await;
        }
        self.record_refusal(mode, req, error).await;
        Ok(())
    }

    /// Later copies of the credentials that the request shows and that carry their own dates, where they are due. The transport
    /// layer calls this once for each request, before its handler, and sets them on the answer.
    pub async fn reseal(&self, req: &Parts) -> Vec<(ModeId, Resealed)> {
        let mut later = Vec::new();
        for mode in self.modes.iter() {
            let Some(stateless) = mode.stateless() else { continue };
            match stateless.reseal(req, self.now()).await {
                Ok(Some(resealed)) => later.push((mode.info().id, resealed)),
                // The handler refuses the credential and says why.
                Ok(None) | Err(AuthError::Refused(_)) => {}
                Err(error) => tracing::warn!(%error, mode = mode.info().id.0, "a credential was not renewed"),
            }
        }
        later
    }
}
