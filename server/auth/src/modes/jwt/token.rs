//! Minting and verifying: what is signed, and every check that a signature does not make.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use super::rotation::Head;
use crate::{
    clock::Timestamp,
    error::{AuthError, Refusal},
    keys::{Keys, Kid},
    principal::Lifetime,
    secret::{SecretString, random_bytes},
    user::{Role, User, UserId},
};

const ALGORITHM: Algorithm = Algorithm::HS256;
const PURPOSE: &str = "jwt HS256";
const JTI_BYTES: usize = 16;

/// What a token may be used for. Said twice: in the header's `typ`, which a verifier sees first (RFC 8725, 3.11), and in
/// `token_type`, which SimpleJWT knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Access,
    Refresh,
}

impl Kind {
    const fn typ(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Refresh => "rt+jwt",
        }
    }
}

/// The claims of both kinds. Signed, not secret: whoever holds the token reads them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    pub token_type: Kind,
    pub exp: Timestamp,
    pub iat: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<Timestamp>,
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
    /// Access tokens only: a refresh token's user is looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
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
            jti: head.jti.clone(),
            sub: user.id.clone(),
            user_id: user.id.clone(),
            sid: head.family_id.clone(),
            generation: head.lifetime.generation,
            absolute_exp: head.lifetime.absolute_expires_at,
            epoch: None,
            username: None,
            role: None,
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
    keys: Keys,
}

impl Tokens {
    pub(super) fn new(keys: Keys) -> Self {
        Self { keys }
    }

    pub(super) fn mint(&self, claims: &Claims) -> Result<SecretString, AuthError> {
        let kid = self.keys.current();
        let header = Header {
            kid: Some(kid.as_str().to_owned()),
            typ: Some(claims.token_type.typ().to_owned()),
            ..Header::new(ALGORITHM)
        };
        let key = EncodingKey::from_secret(self.key(kid)?.as_slice());
        let token = encode(&header, claims, &key).map_err(|_| AuthError::Internal("a token could not be signed"))?;
        Ok(SecretString::new(token))
    }

    /// The claims of a genuine token of this kind that is alive. The signature first, then everything else.
    pub(super) fn verify(&self, token: &str, wanted: Kind, now: Timestamp) -> Result<Claims, AuthError> {
        // Of the unverified header only `kid` is used, and only to choose among our own keys. `alg`, `jku`, `x5u` and
        // `jwk` choose nothing: the key decides the algorithm (RFC 8725, 3.1).
        let header = decode_header(token).map_err(|_| Refusal::Malformed)?;
        let kid = header.kid.as_deref().and_then(|kid| self.keys.find(kid)).ok_or(Refusal::Malformed)?;
        let mut checks = Validation::new(ALGORITHM);
        // The library's own clock accepts a token for 60 seconds too long, and at the instant of its expiry; it never
        // looks at `iat`. The dates are checked below, against the request's `now`.
        checks.validate_exp = false;
        checks.required_spec_claims.clear();
        let key = DecodingKey::from_secret(self.key(kid)?.as_slice());
        let claims = decode::<Claims>(token, &key, &checks).map_err(|_| Refusal::Malformed)?.claims;
        if claims.exp <= now {
            return Err(Refusal::Expired.into());
        }
        if claims.iat > now || claims.nbf.is_some_and(|nbf| nbf > now) {
            return Err(Refusal::Malformed.into());
        }
        // `JWT` is what libraries write that know no better; any other `typ` says that the token is for something else.
        let typ_fits = header.typ.as_deref().is_some_and(|typ| typ == wanted.typ() || typ == "JWT");
        if claims.token_type != wanted || !typ_fits {
            return Err(Refusal::WrongType.into());
        }
        Ok(claims)
    }

    fn key(&self, kid: &Kid) -> Result<zeroize::Zeroizing<[u8; 32]>, AuthError> {
        self.keys.derive(PURPOSE, kid)
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;
    use crate::secret::new_id;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn tokens() -> Tokens {
        Tokens::new(Keys::new(&[7; 32]).unwrap())
    }

    fn claims(kind: Kind) -> Claims {
        let user: UserId = serde_json::from_value(new_id(NOW).unwrap().into()).unwrap();
        Claims {
            token_type: kind,
            exp: Timestamp(NOW.0 + 300),
            iat: NOW,
            nbf: None,
            jti: new_jti().unwrap(),
            sub: user.clone(),
            user_id: user,
            sid: "family".into(),
            generation: 1,
            absolute_exp: Timestamp(NOW.0 + 1000),
            epoch: Some(0),
            username: Some("alice".into()),
            role: Some(Role::User),
        }
    }

    fn refusal(result: Result<Claims, AuthError>) -> Refusal {
        match result {
            Err(AuthError::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        }
    }

    fn forge(header: &serde_json::Value, claims: &Claims) -> String {
        let part = |json: String| URL_SAFE_NO_PAD.encode(json);
        format!("{}.{}.", part(header.to_string()), part(serde_json::to_string(claims).unwrap()))
    }

    #[test]
    fn a_token_is_dead_at_the_instant_of_its_expiry() {
        let token = tokens().mint(&claims(Kind::Access)).unwrap();
        assert!(tokens().verify(token.expose(), Kind::Access, Timestamp(NOW.0 + 299)).is_ok());
        let at_exp = tokens().verify(token.expose(), Kind::Access, Timestamp(NOW.0 + 300));
        assert_eq!(refusal(at_exp), Refusal::Expired);
    }

    #[test]
    fn a_token_from_the_future_is_refused() {
        let token = tokens().mint(&claims(Kind::Access)).unwrap();
        let before = tokens().verify(token.expose(), Kind::Access, Timestamp(NOW.0 - 1));
        assert_eq!(refusal(before), Refusal::Malformed);
    }

    #[test]
    fn a_refresh_token_is_no_access_token_and_the_reverse() {
        for (made, wanted) in [(Kind::Refresh, Kind::Access), (Kind::Access, Kind::Refresh)] {
            let token = tokens().mint(&claims(made)).unwrap();
            assert_eq!(refusal(tokens().verify(token.expose(), wanted, NOW)), Refusal::WrongType);
        }
    }

    #[test]
    fn an_unsigned_token_is_refused() {
        let header = serde_json::json!({"alg": "none", "typ": "at+jwt", "kid": "1"});
        assert_eq!(
            refusal(tokens().verify(&forge(&header, &claims(Kind::Access)), Kind::Access, NOW)),
            Refusal::Malformed
        );
    }

    #[test]
    fn a_token_signed_with_another_secret_is_refused() {
        let other = Tokens::new(Keys::new(&[8; 32]).unwrap());
        let token = other.mint(&claims(Kind::Access)).unwrap();
        assert_eq!(refusal(tokens().verify(token.expose(), Kind::Access, NOW)), Refusal::Malformed);
    }

    #[test]
    fn a_changed_payload_is_refused() {
        let token = tokens().mint(&claims(Kind::Access)).unwrap();
        let mut admin = claims(Kind::Access);
        admin.role = Some(Role::Admin);
        let payload = URL_SAFE_NO_PAD.encode(serde_json::to_string(&admin).unwrap());
        let parts: Vec<_> = token.expose().split('.').collect();
        let forged = [parts[0], &payload, parts[2]].join(".");
        assert_eq!(refusal(tokens().verify(&forged, Kind::Access, NOW)), Refusal::Malformed);
    }

    #[test]
    fn another_algorithm_with_the_right_key_is_refused() {
        let tokens = tokens();
        let kid = tokens.keys.current().clone();
        let header =
            Header { kid: Some(kid.as_str().into()), typ: Some("at+jwt".into()), ..Header::new(Algorithm::HS512) };
        let key = EncodingKey::from_secret(tokens.key(&kid).unwrap().as_slice());
        let token = encode(&header, &claims(Kind::Access), &key).unwrap();
        assert_eq!(refusal(tokens.verify(&token, Kind::Access, NOW)), Refusal::Malformed);
    }
}
