//! What djangorestframework-simplejwt does, with our families behind it: where it keeps a list of refresh tokens that were
//! used, we keep which one is next.

use async_trait::async_trait;
use http::request::Parts;

use super::{
    INFO, JwtPair,
    claims::{Claims, Kind, new_jti},
    pair::{RefreshCarrier, Renewal},
};
use crate::{
    clock::{Seconds, Timestamp},
    error::{AuthError, Refusal},
    keys::{Kid, SigningAlgorithm},
    mode::Owner,
    mode::issued::{Delivery, Issued, IssuedBy},
    mode::principal::{CredentialId, Lifetime, Principal},
    settings::{Settings, SettingsError},
    token_service::{Introspection, TokenService},
    users::{self, User},
};

/// Until it has to have been renewed. SimpleJWT's default.
const SLIDING: Seconds = Seconds::minutes(5);
/// In all, however often it is renewed. SimpleJWT's default.
const SLIDING_REFRESH: Seconds = Seconds::days(1);

/// Sliding tokens: one token that is access and refresh at once. Nothing of it is stored, so a stolen one can be renewed by the
/// thief for as long as by its owner; only the user's epoch ends it, or the denylist. Prefer the pair.
pub(super) struct Sliding {
    pub(super) lifetime: Seconds,
    refresh_lifetime: Seconds,
    /// Setting `AUTH_TOKEN_CLASSES`: the classes and types that are taken for access.
    classes: Vec<(&'static str, &'static str)>,
}

const CLASSES: [(&str, &str); 2] = [("AccessToken", "access"), ("SlidingToken", "sliding")];

impl Sliding {
    pub(super) fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let classes = settings.list("AUTH_TOKEN_CLASSES", &["AccessToken"]);
        let classes = classes
            .iter()
            .map(|name| CLASSES.into_iter().find(|(class, _)| class == name))
            .collect::<Option<Vec<_>>>()
            .filter(|classes| !classes.is_empty())
            .ok_or_else(|| SettingsError {
                name: "AUTH_TOKEN_CLASSES",
                expected: "AccessToken, SlidingToken or both".to_owned(),
            })?;
        Ok(Self {
            lifetime: settings.seconds("SLIDING_TOKEN_LIFETIME", SLIDING)?,
            refresh_lifetime: settings.seconds("SLIDING_TOKEN_REFRESH_LIFETIME", SLIDING_REFRESH)?,
            classes,
        })
    }

    fn accepts(&self, kind: Kind) -> bool {
        let class = match kind {
            Kind::Access => "AccessToken",
            Kind::Sliding => "SlidingToken",
            Kind::Refresh => return false,
        };
        self.classes.iter().any(|(name, _)| *name == class)
    }

    /// For how long a sliding token can be renewed, where it counts for access.
    pub(super) fn renewable_for(&self) -> Option<Seconds> {
        self.accepts(Kind::Sliding).then_some(self.refresh_lifetime)
    }
}

impl JwtPair {
    async fn slide_on(
        &self,
        user: &User,
        by: IssuedBy,
        jti: String,
        refresh_exp: Timestamp,
        now: Timestamp,
    ) -> Result<Issued, AuthError> {
        let expires_at = Lifetime::idle_end(now, self.sliding.lifetime, refresh_exp);
        let claims = Claims {
            token_type: Kind::Sliding,
            exp: expires_at,
            iat: now,
            nbf: None,
            iss: None,
            aud: None,
            sid: jti.clone(),
            jti,
            sub: user.id.clone(),
            user_id: user.id.clone(),
            generation: 1,
            absolute_exp: refresh_exp,
            epoch: Some(user.epoch),
            username: Some(user.username.clone()),
            role: Some(user.role),
            refresh_exp: Some(refresh_exp),
        };
        let (credential, lifetime) = (CredentialId::new(claims.sid.clone()), claims.lifetime());
        let token = self.mint_access(claims, now).await?;
        let delivery = Delivery::Token { token, expires_in: expires_at.since(now) };
        Ok(Issued { by, credential: Some(credential), lifetime, set_cookies: Vec::new(), delivery })
    }

    /// What a token stands for: one that would be refused stands for nothing.
    pub(super) async fn introspected(&self, token: &str, now: Timestamp) -> Result<Option<Introspection>, AuthError> {
        let outcome = async {
            let claims = self.tokens.verify_any(token, now).await?;
            let user = match claims.token_type {
                Kind::Refresh => {
                    let head = self.families.state(&claims.jti, now).await??;
                    users::find_by_id(&self.db, &head.user_id).await?.filter(User::is_active)
                }
                Kind::Access | Kind::Sliding => {
                    if let Some(denylist) = &self.denylist {
                        denylist.check(&claims.jti).await?;
                    }
                    // Whoever asks wants to know, whatever `CHECK_EPOCH` saves on our own requests.
                    Some(self.current_user(&claims).await?)
                }
            };
            Ok((claims, user.ok_or(Refusal::UserInactive)?))
        };
        let (claims, user) = match outcome.await {
            Ok(found) => found,
            Err(AuthError::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(Introspection {
            mode: INFO.id,
            token_use: match claims.token_type {
                Kind::Access => "access",
                Kind::Refresh => "refresh",
                Kind::Sliding => "sliding",
            },
            sub: user.id,
            username: user.username,
            iat: claims.iat,
            exp: claims.exp,
            jti: Some(claims.jti),
            iss: claims.iss,
        }))
    }
}

#[async_trait]
impl TokenService for JwtPair {
    fn header_types(&self) -> &[String] {
        &self.header_types
    }

    fn access_classes(&self) -> &[(&'static str, &'static str)] {
        &self.sliding.classes
    }

    async fn obtain_pair(&self, user: &User, req: &Parts, now: Timestamp) -> Result<Issued, AuthError> {
        self.begin(user, req, RefreshCarrier::Body, now).await
    }

    async fn refresh(&self, token: &str, now: Timestamp) -> Result<Issued, AuthError> {
        let mut issued = self.renew(token, RefreshCarrier::Body, now).await?;
        if let (Renewal::Keeps, Delivery::Pair { refresh, .. }) = (self.renewal, &mut issued.delivery) {
            // SimpleJWT hands over what is new, and nothing else.
            *refresh = None;
        }
        Ok(issued)
    }

    async fn verify(&self, token: &str, now: Timestamp) -> Result<(), AuthError> {
        let claims = self.tokens.verify_any(token, now).await?;
        match (claims.token_type, &self.denylist) {
            (Kind::Refresh, _) => self.families.state(&claims.jti, now).await?.map(|_| ()).map_err(AuthError::from),
            (Kind::Access | Kind::Sliding, Some(denylist)) => denylist.check(&claims.jti).await,
            (Kind::Access | Kind::Sliding, None) => Ok(()),
        }
    }

    async fn blacklist(&self, token: &str, now: Timestamp) -> Result<(), AuthError> {
        let claims = self.tokens.verify(token, Kind::Refresh, now).await?;
        let state = self.families.state(&claims.jti, now).await?;
        // Also when it was used before: its owner wants to be out, or a thief has shown himself.
        self.end_family(&claims.sid, now).await?;
        state.map(|_| ()).map_err(AuthError::from)
    }

    async fn obtain_sliding(&self, user: &User, now: Timestamp) -> Result<Issued, AuthError> {
        self.slide_on(user, IssuedBy::Login, new_jti()?, now.plus(self.sliding.refresh_lifetime), now).await
    }

    async fn refresh_sliding(&self, token: &str, now: Timestamp) -> Result<Issued, AuthError> {
        let claims = self.tokens.verify(token, Kind::Sliding, now).await?;
        if let Some(denylist) = &self.denylist {
            denylist.check(&claims.jti).await?;
        }
        let refresh_exp = claims.refresh_exp.ok_or(Refusal::Malformed)?;
        if refresh_exp <= now {
            return Err(Refusal::Expired.into());
        }
        let user = self.current_user(&claims).await?;
        // Under the same name: denying any of them denies them all.
        self.slide_on(&user, IssuedBy::Rotation, claims.jti, refresh_exp, now).await
    }

    async fn authenticate(&self, token: &str, now: Timestamp) -> Result<Principal, AuthError> {
        let claims = self.tokens.verify_any(token, now).await?;
        if !self.sliding.accepts(claims.token_type) {
            return Err(Refusal::WrongType.into());
        }
        self.principal(claims).await
    }

    async fn owner_of(&self, token: &str, now: Timestamp) -> Result<Option<Owner>, AuthError> {
        match self.tokens.verify_any(token, now).await {
            Ok(claims) => Ok(Some(Owner { user_id: claims.sub, credential: Some(CredentialId::new(claims.sid)) })),
            Err(AuthError::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn jwks(&self, now: Timestamp) -> Result<Vec<serde_json::Value>, AuthError> {
        self.tokens.jwks(now).await
    }

    fn check_key(&self, kid: &Kid, algorithm: SigningAlgorithm) -> Result<(), AuthError> {
        self.tokens.check_key(kid, algorithm)
    }

    async fn export_key(&self, kid: &str, now: Timestamp) -> Result<serde_json::Value, AuthError> {
        self.tokens.export(kid, now).await
    }
}
