//! Minting and verifying: what is signed, and every check that a signature does not make.

use std::path::PathBuf;

use jsonwebtoken::{Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{rotation::Head, signing::SigningKeys};
use crate::{
    base::Base,
    carrier::CREDENTIAL_MAX_BYTES,
    clock::{Seconds, Timestamp},
    error::{AuthError, Refusal},
    keys::{Kid, SigningAlgorithm},
    principal::Lifetime,
    secret::{SecretString, random_bytes},
    settings::SettingsError,
    user::{Role, User, UserId},
};

const JTI_BYTES: usize = 16;
/// Seconds by which the clocks of two machines may differ. None: the same machine signs and checks. SimpleJWT's default.
const LEEWAY: Seconds = Seconds(0);

/// What a token may be used for. Said twice: in the header's `typ`, which a verifier sees first (RFC 8725, 3.11), and in
/// `token_type`, which SimpleJWT knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Access,
    Refresh,
    /// Access, and its own renewal while it lasts.
    Sliding,
}

impl Kind {
    const fn typ(self) -> &'static str {
        match self {
            Self::Access | Self::Sliding => "at+jwt",
            Self::Refresh => "rt+jwt",
        }
    }
}

/// For whom a token is (RFC 7519, 4.1.3): one name or several.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn includes(&self, name: &str) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Several(several) => several.iter().any(|one| one == name),
        }
    }
}

/// The claims of every kind. Signed, not secret: whoever holds the token reads them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    pub token_type: Kind,
    pub exp: Timestamp,
    pub iat: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aud: Option<Audience>,
    pub jti: String,
    pub sub: UserId,
    /// The same as `sub`, under SimpleJWT's name.
    pub user_id: UserId,
    /// The family: the sign-in that the token belongs to.
    pub sid: String,
    /// Generation of the family's head when the token was minted.
    pub generation: i64,
    /// When the sign-in ends, whatever happens.
    pub absolute_exp: Timestamp,
    /// Not in refresh tokens: their user is looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Sliding tokens only, SimpleJWT's name: until when it can be renewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_exp: Option<Timestamp>,
}

impl Claims {
    pub(super) fn access(user: &User, head: &Head, now: Timestamp, exp: Timestamp) -> Result<Self, AuthError> {
        Ok(Self {
            token_type: Kind::Access,
            exp,
            iat: now,
            jti: new_jti()?,
            epoch: Some(user.epoch),
            username: Some(user.username.clone()),
            role: Some(user.role),
            ..Self::refresh(user, head)
        })
    }

    /// Wholly determined by the stored row: minting it twice gives the same token.
    pub(super) fn refresh(user: &User, head: &Head) -> Self {
        Self {
            token_type: Kind::Refresh,
            exp: head.lifetime.expires_at,
            iat: head.lifetime.issued_at,
            nbf: None,
            iss: None,
            aud: None,
            jti: head.jti.clone(),
            sub: user.id.clone(),
            user_id: user.id.clone(),
            sid: head.family_id.clone(),
            generation: head.lifetime.generation,
            absolute_exp: head.lifetime.absolute_expires_at,
            epoch: None,
            username: None,
            role: None,
            refresh_exp: None,
        }
    }

    pub(super) fn lifetime(&self) -> Lifetime {
        Lifetime {
            issued_at: self.iat,
            expires_at: self.exp,
            absolute_expires_at: self.absolute_exp,
            generation: self.generation,
        }
    }

    /// Who the caller is by the token alone.
    pub(super) fn identity(self) -> Result<(UserId, String, Role), AuthError> {
        match (self.username, self.role) {
            (Some(username), Some(role)) => Ok((self.sub, username, role)),
            _ => Err(Refusal::Malformed.into()),
        }
    }
}

/// The name of one token: 128 random bits as 32 hex digits, as SimpleJWT has it.
pub(super) fn new_jti() -> Result<String, AuthError> {
    Ok(hex::encode(random_bytes::<JTI_BYTES>()?.as_slice()))
}

/// Signs and verifies.
pub(super) struct Tokens {
    signing: SigningKeys,
    leeway: Seconds,
    issuer: Option<String>,
    audience: Option<String>,
}

impl Tokens {
    pub(super) fn new(base: &Base) -> Result<Self, SettingsError> {
        let text = |name| base.settings.text(name).map(str::to_owned);
        Ok(Self {
            signing: SigningKeys::new(base.keys.clone(), text("SIGNING_KEYS_DIR").map(PathBuf::from)),
            leeway: base.settings.seconds_from("LEEWAY", 0, LEEWAY)?,
            issuer: text("ISSUER"),
            audience: text("AUDIENCE"),
        })
    }

    pub(super) async fn mint(&self, claims: Claims, now: Timestamp) -> Result<SecretString, AuthError> {
        let key = self.signing.current(now).await?;
        let claims = Claims { iss: self.issuer.clone(), aud: self.audience.clone().map(Audience::One), ..claims };
        let header = Header {
            kid: Some(key.kid.as_str().to_owned()),
            typ: Some(claims.token_type.typ().to_owned()),
            ..Header::new(key.algorithm)
        };
        let token =
            encode(&header, &claims, &key.encoding).map_err(|_| AuthError::Internal("a token could not be signed"))?;
        Ok(SecretString::new(token))
    }

    /// The claims of a genuine token of this kind that is alive.
    pub(super) async fn verify(&self, token: &str, wanted: Kind, now: Timestamp) -> Result<Claims, AuthError> {
        let claims = self.verify_any(token, now).await?;
        if claims.token_type == wanted { Ok(claims) } else { Err(Refusal::WrongType.into()) }
    }

    /// The claims of a genuine token that is alive, whatever it is for. The signature first, then everything else.
    pub(super) async fn verify_any(&self, token: &str, now: Timestamp) -> Result<Claims, AuthError> {
        // Of the unverified header only `kid` is used, and only to choose among our own keys. `alg`, `jku`, `x5u` and
        // `jwk` choose nothing: the key decides the algorithm (RFC 8725, 3.1).
        if token.len() > CREDENTIAL_MAX_BYTES {
            return Err(Refusal::Malformed.into());
        }
        let header = decode_header(token).map_err(|_| Refusal::Malformed)?;
        // Extensions that a verifier has to understand (RFC 7515, 4.1.11). We know none, and the library does not look.
        if header.crit.is_some() {
            return Err(Refusal::Malformed.into());
        }
        let kid = header.kid.as_deref().ok_or(Refusal::Malformed)?;
        let key = self.signing.find(kid, now).await?.ok_or(Refusal::Malformed)?;
        let mut checks = Validation::new(key.algorithm);
        // The library's own clock accepts a token for 60 seconds too long, and at the instant of its expiry; it never
        // looks at `iat`. Dates, issuer and audience are checked below, the dates against the request's `now`.
        checks.validate_exp = false;
        checks.validate_aud = false;
        checks.required_spec_claims.clear();
        let claims = decode::<Claims>(token, &key.decoding, &checks).map_err(|_| Refusal::Malformed)?.claims;
        if claims.exp.plus(self.leeway) <= now {
            return Err(Refusal::Expired.into());
        }
        let latest = now.plus(self.leeway);
        let for_us = match (&claims.aud, &self.audience) {
            (None, None) => true,
            (Some(aud), Some(ours)) => aud.includes(ours),
            // Meant for somebody, and not for us (RFC 7519, 4.1.3); or for nobody in particular, where we are somebody.
            _ => false,
        };
        let dated = claims.iat <= latest && claims.nbf.is_none_or(|nbf| nbf <= latest);
        if !dated || !for_us || claims.iss != self.issuer {
            return Err(Refusal::Malformed.into());
        }
        // `JWT` is what libraries write that know no better; any other `typ` says that the token is for something else.
        if header.typ.as_deref().is_none_or(|typ| typ != claims.token_type.typ() && typ != "JWT") {
            return Err(Refusal::WrongType.into());
        }
        Ok(claims)
    }

    /// See [`SigningKeys::jwks`].
    pub(super) async fn jwks(&self, now: Timestamp) -> Result<Vec<Value>, AuthError> {
        self.signing.jwks(now).await
    }

    /// See [`SigningKeys::check`].
    pub(super) fn check_key(&self, kid: &Kid, algorithm: SigningAlgorithm) -> Result<(), AuthError> {
        self.signing.check(kid, algorithm)
    }

    /// See [`SigningKeys::export`].
    pub(super) async fn export(&self, kid: &str, now: Timestamp) -> Result<Value, AuthError> {
        self.signing.export(kid, now).await
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm, EncodingKey};

    use super::*;
    use crate::{
        keys::NewKey,
        testing::{Driver, START as NOW, World},
    };

    async fn world(settings: &[(&str, &str)]) -> World {
        World::with_settings(Driver::Sqlite, settings).await.unwrap()
    }

    fn tokens(world: &World) -> Tokens {
        Tokens::new(&world.auth.base).unwrap()
    }

    fn claims(kind: Kind) -> Claims {
        let user: UserId = serde_json::from_value("0198c5f2-0000-7000-8000-000000000000".into()).unwrap();
        Claims {
            token_type: kind,
            exp: NOW.plus(Seconds(300)),
            iat: NOW,
            nbf: None,
            iss: None,
            aud: None,
            jti: new_jti().unwrap(),
            sub: user.clone(),
            user_id: user,
            sid: "family".into(),
            generation: 1,
            absolute_exp: NOW.plus(Seconds(1000)),
            epoch: Some(0),
            username: Some("alice".into()),
            role: Some(Role::User),
            refresh_exp: None,
        }
    }

    fn refusal(result: Result<Claims, AuthError>) -> Refusal {
        match result {
            Err(AuthError::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_token_is_dead_at_the_instant_of_its_expiry() {
        let world = world(&[]).await;
        let token = tokens(&world).mint(claims(Kind::Access), NOW).await.unwrap();
        assert!(tokens(&world).verify(token.expose(), Kind::Access, NOW.plus(Seconds(299))).await.is_ok());
        let at_exp = tokens(&world).verify(token.expose(), Kind::Access, NOW.plus(Seconds(300))).await;
        assert_eq!(refusal(at_exp), Refusal::Expired);
    }

    #[tokio::test]
    async fn a_token_from_the_future_is_refused() {
        let world = world(&[]).await;
        let token = tokens(&world).mint(claims(Kind::Access), NOW).await.unwrap();
        let before = tokens(&world).verify(token.expose(), Kind::Access, NOW.plus(Seconds(-1))).await;
        assert_eq!(refusal(before), Refusal::Malformed);
    }

    #[tokio::test]
    async fn leeway_forgives_a_clock_that_is_off_by_so_much_and_no_more() {
        let world = world(&[("LEEWAY", "60")]).await;
        let token = tokens(&world).mint(claims(Kind::Access), NOW).await.unwrap();
        for (offset, accepted) in [(-61, false), (-60, true), (359, true), (360, false)] {
            let verified = tokens(&world).verify(token.expose(), Kind::Access, NOW.plus(Seconds(offset))).await;
            assert_eq!(verified.is_ok(), accepted, "{offset}");
        }
    }

    #[tokio::test]
    async fn a_token_that_is_not_valid_yet_is_refused() {
        let world = world(&[]).await;
        let later = Claims { nbf: Some(NOW.plus(Seconds(1))), ..claims(Kind::Access) };
        let token = tokens(&world).mint(later, NOW).await.unwrap();
        assert_eq!(refusal(tokens(&world).verify(token.expose(), Kind::Access, NOW).await), Refusal::Malformed);
    }

    #[tokio::test]
    async fn no_kind_of_token_passes_for_another() {
        let world = world(&[]).await;
        let kinds = [Kind::Access, Kind::Refresh, Kind::Sliding];
        for made in kinds {
            let token = tokens(&world).mint(claims(made), NOW).await.unwrap();
            for wanted in kinds.into_iter().filter(|wanted| *wanted != made) {
                let verified = tokens(&world).verify(token.expose(), wanted, NOW).await;
                assert_eq!(refusal(verified), Refusal::WrongType, "{made:?} as {wanted:?}");
            }
        }
    }

    #[tokio::test]
    async fn issuer_and_audience_are_written_and_demanded() {
        let ours = world(&[("ISSUER", "https://a.example"), ("AUDIENCE", "shop")]).await;
        let token = tokens(&ours).mint(claims(Kind::Access), NOW).await.unwrap();
        assert!(tokens(&ours).verify(token.expose(), Kind::Access, NOW).await.is_ok());
        for settings in [
            &[("ISSUER", "https://b.example"), ("AUDIENCE", "shop")][..],
            &[("ISSUER", "https://a.example"), ("AUDIENCE", "bank")],
            &[("AUDIENCE", "shop")],
            &[("ISSUER", "https://a.example")],
            &[],
        ] {
            let theirs = world(settings).await;
            let verified = tokens(&theirs).verify(token.expose(), Kind::Access, NOW).await;
            assert_eq!(refusal(verified), Refusal::Malformed, "{settings:?}");
        }
    }

    #[tokio::test]
    async fn a_token_without_issuer_or_audience_is_refused_where_they_are_demanded() {
        let token = tokens(&world(&[]).await).mint(claims(Kind::Access), NOW).await.unwrap();
        for settings in [&[("ISSUER", "https://a.example")][..], &[("AUDIENCE", "shop")]] {
            let demanding = world(settings).await;
            let verified = tokens(&demanding).verify(token.expose(), Kind::Access, NOW).await;
            assert_eq!(refusal(verified), Refusal::Malformed, "{settings:?}");
        }
    }

    #[tokio::test]
    async fn every_algorithm_signs_and_verifies_and_only_public_keys_are_published() {
        for algorithm in SigningAlgorithm::ALL.into_iter().filter(|algorithm| *algorithm != SigningAlgorithm::Rs256) {
            let world = world(&[]).await;
            let new = NewKey { kid: None, algorithm, active_from: NOW };
            let key = world.auth.base.keys.rotate(new, NOW).await.unwrap();
            let token = tokens(&world).mint(claims(Kind::Access), NOW).await.unwrap();
            let header = decode_header(token.expose()).unwrap();
            assert_eq!(header.kid.as_deref(), Some(key.kid.as_str()));
            assert_eq!(format!("{:?}", header.alg), algorithm.as_str());
            assert!(tokens(&world).verify(token.expose(), Kind::Access, NOW).await.is_ok(), "{algorithm:?}");
            let published = tokens(&world).jwks(NOW).await.unwrap();
            let symmetric = algorithm.as_str().starts_with("HS");
            assert_eq!(published.is_empty(), symmetric, "{algorithm:?}");
            for jwk in published {
                assert!(jwk.get("d").is_none() && jwk.get("k").is_none(), "{algorithm:?}: a private key");
            }
        }
    }

    #[tokio::test]
    async fn a_token_of_a_retired_key_is_refused() {
        let world = world(&[]).await;
        let token = tokens(&world).mint(claims(Kind::Access), NOW).await.unwrap();
        let keys = &world.auth.base.keys;
        keys.rotate(NewKey { kid: None, algorithm: SigningAlgorithm::Hs256, active_from: NOW }, NOW).await.unwrap();
        assert!(tokens(&world).verify(token.expose(), Kind::Access, NOW).await.is_ok());
        keys.retire("1", NOW).await.unwrap();
        assert_eq!(refusal(tokens(&world).verify(token.expose(), Kind::Access, NOW).await), Refusal::Malformed);
    }

    #[tokio::test]
    async fn another_algorithm_with_the_right_key_is_refused() {
        let world = world(&[]).await;
        let key = tokens(&world).signing.current(NOW).await.unwrap();
        let header =
            Header { kid: Some(key.kid.as_str().into()), typ: Some("at+jwt".into()), ..Header::new(Algorithm::HS512) };
        let secret = world.auth.base.keys.ring(NOW).await.unwrap().derive::<32>("jwt HS256", &key.kid).unwrap();
        let token = encode(&header, &claims(Kind::Access), &EncodingKey::from_secret(secret.as_slice())).unwrap();
        assert_eq!(refusal(tokens(&world).verify(&token, Kind::Access, NOW).await), Refusal::Malformed);
    }
}
