//! The seam: what a mode is. A *mode* is how a signed-in caller is recognised on the next request; checking a password the
//! first time is not one.

pub mod carrier;
pub mod issued;
pub mod principal;

use std::fmt;

use async_trait::async_trait;
use http::request::Parts;
use serde::Serialize;

use self::{
    issued::{Issued, Revocation, SetCookie},
    principal::{Credential, CredentialId, Principal},
};
use crate::{
    clock::{Seconds, Timestamp},
    error::AuthError,
    secret::SecretString,
    token_service::{Introspection, TokenService},
    users::{User, UserId},
};

/// Names one mode, as in `/api/{mode}/me`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ModeId(pub &'static str);

impl fmt::Display for ModeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How a credential reaches the server. This, and not the token's format, decides whether CSRF is a threat, what logging
/// out clears, and whether the server can render a page for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// The browser sends it by itself.
    Cookie,
    /// A program puts it into the `Authorization` header.
    Bearer,
}

/// A mode in its own words. The pages, the documentation and `GET /api/modes` print these, so they cannot disagree.
#[derive(Debug, Serialize)]
pub struct ModeInfo {
    /// Its id.
    pub id: ModeId,
    /// For people.
    pub name: &'static str,
    /// How its credential travels.
    pub transport: Transport,
    /// The cookie that it sets, if it sets one: the credential itself, or the refresh token of a bearer mode.
    pub cookie: Option<&'static str>,
    /// A browser can renew the bearer credential without the user, by that cookie.
    pub renews_silently: bool,
    /// What the browser holds.
    pub client_holds: &'static str,
    /// What the server holds.
    pub server_holds: &'static str,
    /// What recognising the caller costs, on each request.
    pub request_costs: &'static str,
    /// What ends a sign-in, and how soon.
    pub ended_by: &'static str,
    /// When to choose it.
    pub choose_when: &'static str,
    /// What tutorials often say of it …
    pub often_said: &'static str,
    /// … and what is the case.
    pub in_fact: &'static str,
}

/// One way to recognise a caller. `now` is an argument, so that every date of one request is the same date.
///
/// Each method reads the one credential of its own mode from the request and never falls back to another.
#[async_trait]
pub trait AuthMode: Send + Sync {
    /// What the mode says of itself.
    fn info(&self) -> &'static ModeInfo;

    /// Signs a user in whose password was checked, and ends the credential that the request carried, if any.
    async fn issue(&self, user: &User, req: &Parts, now: Timestamp) -> Result<Issued, AuthError>;

    /// Recognises the caller. `Ok(None)`: no credential was shown. `Err`: one was shown, and refused.
    async fn authenticate(&self, req: &Parts, now: Timestamp) -> Result<Option<Principal>, AuthError>;

    /// Recognises the caller for something that outlives the credential it shows, as strictly as for a rotation: not by a
    /// credential that has ended and only has not expired yet.
    async fn authenticate_for_renewal(&self, req: &Parts, now: Timestamp) -> Result<Option<Principal>, AuthError> {
        self.authenticate(req, now).await
    }

    /// What to set on the answer so that a caller who is active stays signed in. Nothing, where the server keeps the dates.
    async fn slide(&self, _caller: &Principal, _req: &Parts, _now: Timestamp) -> Result<Vec<SetCookie>, AuthError> {
        Ok(Vec::new())
    }

    /// Replaces the caller's credential by its successor.
    async fn rotate(&self, req: &Parts, now: Timestamp) -> Result<Issued, AuthError>;

    /// Ends the caller's credential. One that is dead already is no error: logging out twice is logging out.
    async fn revoke(&self, req: &Parts, now: Timestamp) -> Result<Revocation, AuthError>;

    /// Nothing but the user's epoch ends its credentials: the server keeps nothing else of them. Whoever ends all of them raises it.
    fn is_ended_by_epoch(&self) -> bool {
        false
    }

    /// Ends every credential of the user in this mode, save what the epoch ends.
    async fn revoke_all(&self, user: &UserId, now: Timestamp) -> Result<Revocation, AuthError>;

    /// The user's live credentials in this mode, newest first. Empty where the server does not know them.
    async fn list(&self, user: &UserId, now: Timestamp) -> Result<Vec<Credential>, AuthError>;

    /// Ends one credential of the user, by the name that it has in the list. `false`: there is no such live one.
    async fn end(&self, user: &UserId, credential: &CredentialId, now: Timestamp) -> Result<bool, AuthError>;

    /// Whose credential the request shows, alive or dead, and which: for the audit trail. `None`: none that is genuine.
    async fn owner(&self, req: &Parts, now: Timestamp) -> Result<Option<Owner>, AuthError> {
        match self.authenticate(req, now).await {
            Ok(found) => Ok(found.map(|Principal { user_id, credential, .. }| Owner { user_id, credential })),
            Err(AuthError::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// How long something that a key of the ring has signed or sealed may lie unused, and is still to be accepted then.
    fn signed_for(&self) -> Seconds {
        Seconds(0)
    }

    /// What the browser is told to forget when the user logs out.
    fn clear(&self) -> Vec<SetCookie>;

    /// Deletes at most `limit` rows that nothing can come of any more, and says how many.
    async fn prune(&self, _now: Timestamp, _limit: i64) -> Result<u64, AuthError> {
        Ok(0)
    }

    /// What a bearer token of this mode stands for, for another service that was shown it (RFC 7662). `None`: nothing, or it
    /// is none of this mode's.
    async fn introspect(&self, _token: &str, _now: Timestamp) -> Result<Option<Introspection>, AuthError> {
        Ok(None)
    }

    /// Ends the sign-in that a token belongs to (RFC 7009), and says whose it was. Whoever holds it may end it. `None`: it is none of
    /// this mode's. [`AuthError::NotRevocable`]: it is, and nothing ends it.
    async fn revoke_token(&self, _token: &str, _now: Timestamp) -> Result<Option<Owner>, AuthError> {
        Ok(None)
    }

    /// The endpoints of a token library, where the mode has them.
    fn token_service(&self) -> Option<&dyn TokenService> {
        None
    }
}

/// Whose a credential is.
#[derive(Clone, Debug)]
pub struct Owner {
    /// The account.
    pub user_id: UserId,
    /// Which of its credentials, where the server keeps a list.
    pub credential: Option<CredentialId>,
}

/// A credential that came in the body of a request, where the transport layer found one. It goes into the request's
/// extensions, because a mode sees [`Parts`] and no body.
#[derive(Clone, Debug)]
pub struct BodyCredential(pub SecretString);
