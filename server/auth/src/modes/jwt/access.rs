//! The access token: its issue, the caller that it stands for, and its end.

use super::{
    INFO, JwtPair,
    claims::{Claims, Kind},
};
use crate::{
    base::EpochCheck,
    clock::Timestamp,
    error::{AuthError, Refusal},
    mode::issued::Revocation,
    mode::principal::{CredentialId, Principal},
    secret::SecretString,
    users::{self, User},
};

impl JwtPair {
    /// An access token, or one that counts as one. Whoever may have to deny it later takes note of it now.
    pub(super) async fn mint_access(&self, claims: Claims, now: Timestamp) -> Result<SecretString, AuthError> {
        if let Some(denylist) = &self.denylist {
            let family = (claims.token_type == Kind::Access).then_some(claims.sid.as_str());
            denylist.note(&claims, family, claims.exp.plus(self.tokens.leeway)).await?;
        }
        self.tokens.mint(claims, now).await
    }

    /// The caller that an access token names.
    pub(super) async fn principal(&self, claims: Claims) -> Result<Principal, AuthError> {
        if let Some(denylist) = &self.denylist {
            denylist.check(&claims.jti).await?;
        }
        let lifetime = claims.lifetime();
        let credential = Some(CredentialId::new(claims.sid.clone()));
        let (user_id, username, role) = match self.epoch_check {
            EpochCheck::OnRenewal => claims.identity()?,
            EpochCheck::EveryRequest => {
                let user = self.current_user(&claims).await?;
                (user.id, user.username, user.role)
            }
        };
        Ok(Principal { user_id, username, role, mode: INFO.id, credential, lifetime })
    }

    /// The account behind a token, unless the account's credentials have been revoked since.
    pub(super) async fn current_user(&self, claims: &Claims) -> Result<User, AuthError> {
        let user = users::find_by_id(&self.db, &claims.sub).await?.ok_or(Refusal::UserGone)?;
        if !user.is_active() {
            return Err(Refusal::UserInactive.into());
        }
        if claims.epoch != Some(user.epoch) {
            return Err(Refusal::Revoked.into());
        }
        Ok(user)
    }

    /// When an access token ends whose sign-in has ended now.
    pub(super) fn access_ends(&self, now: Timestamp) -> Revocation {
        match &self.denylist {
            Some(_) => Revocation::Immediate,
            None => Revocation::AtExpiry(now.plus(self.access).plus(self.tokens.leeway)),
        }
    }

    /// When the last token ends that counts for access, where all sign-ins of a user have ended now.
    pub(super) fn all_access_ends(&self, now: Timestamp) -> Revocation {
        match (self.access_ends(now), self.sliding.renewable_for()) {
            (Revocation::AtExpiry(until), Some(renewable_for)) => {
                Revocation::AtExpiry(until.max(now.plus(renewable_for).plus(self.tokens.leeway)))
            }
            (revocation, _) => revocation,
        }
    }
}
