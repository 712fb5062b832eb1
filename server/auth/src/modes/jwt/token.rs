//! Minting and verifying, with every check beyond the signature.

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use jsonwebtoken::{Header, Validation, decode, decode_header, encode};
use serde_json::Value;

use super::{
    claims::{Audience, Claims, Kind},
    signing::SigningKeys,
};
use crate::{
    base::Base,
    clock::{CLOCK_TOLERANCE, Seconds, Timestamp},
    error::{AuthError, Refusal},
    keys::{Kid, SigningAlgorithm},
    mode::carrier::CREDENTIAL_MAX_BYTES,
    secret::SecretString,
    settings::{Settings, SettingsError},
    work::{self, Crypto},
};

/// How long a token is accepted after `exp`. Zero, as in SimpleJWT.
const LEEWAY: Seconds = Seconds(0);

/// Signs and verifies.
pub(super) struct Tokens {
    signing: SigningKeys,
    /// How long a token is accepted after `exp`.
    pub(super) leeway: Seconds,
    issuer: Option<String>,
    audience: Option<String>,
}

impl Tokens {
    pub(super) fn new(base: &Base, settings: &Settings) -> Result<Self, SettingsError> {
        let text = |name| settings.text(name).map(str::to_owned);
        Ok(Self {
            signing: SigningKeys::new(base.keys.clone(), text("SIGNING_KEYS_DIR").map(PathBuf::from)),
            leeway: settings.seconds_from("LEEWAY", 0, LEEWAY)?,
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
        let token = work::crypto(Crypto::Signature, || encode(&header, &claims, &key.encoding))
            .map_err(|_| AuthError::Internal("a token could not be signed"))?;
        Ok(SecretString::new(token))
    }

    /// The claims of a genuine, live token of this type.
    pub(super) async fn verify(&self, token: &str, wanted: Kind, now: Timestamp) -> Result<Claims, AuthError> {
        let claims = self.verify_any(token, now).await?;
        if claims.token_type == wanted { Ok(claims) } else { Err(Refusal::WrongType.into()) }
    }

    /// The claims of a genuine, live token of any type.
    pub(super) async fn verify_any(&self, token: &str, now: Timestamp) -> Result<Claims, AuthError> {
        let claims = self.genuine(token, now).await?;
        self.check_dates(&claims, now)?;
        Ok(claims)
    }

    /// A token is dead at `exp`. Its start has a separate tolerance, because the clocks of instances differ.
    pub(super) fn check_dates(&self, claims: &Claims, now: Timestamp) -> Result<(), Refusal> {
        if claims.exp.plus(self.leeway) <= now {
            return Err(Refusal::Expired);
        }
        let latest = now.plus(self.leeway.max(CLOCK_TOLERANCE));
        let has_begun = claims.iat <= latest && claims.nbf.is_none_or(|nbf| nbf <= latest);
        if has_begun { Ok(()) } else { Err(Refusal::NotYetValid) }
    }

    /// The claims of a token that this server issued for itself, alive or dead. The signature is checked first.
    pub(super) async fn genuine(&self, token: &str, now: Timestamp) -> Result<Claims, AuthError> {
        // Only `kid` of the unverified header is used, to select a key of the ring. `alg`, `jku`, `x5u` and `jwk` are
        // ignored: the key determines the algorithm (RFC 8725, 3.1).
        if token.len() > CREDENTIAL_MAX_BYTES {
            return Err(Refusal::Malformed.into());
        }
        let header = decode_header(token).map_err(|_| Refusal::Malformed)?;
        // A verifier must understand every critical extension (RFC 7515, 4.1.11). This server supports none, and the
        // library does not check.
        if header.crit.is_some() {
            return Err(Refusal::Malformed.into());
        }
        let kid = header.kid.as_deref().ok_or(Refusal::Malformed)?;
        let key = self.signing.find(kid, now).await?.ok_or(Refusal::Malformed)?;
        let mut checks = Validation::new(key.algorithm);
        // The library uses its own clock, accepts a token for 60 seconds after its expiry and at the instant of its
        // expiry, and never checks `iat`. So dates, issuer and audience are checked here, the dates against the `now`
        // of the request.
        checks.validate_exp = false;
        checks.validate_aud = false;
        checks.required_spec_claims.clear();
        let claims = work::crypto(Crypto::Verification, || decode::<Claims>(token, &key.decoding, &checks))
            .map_err(|_| Refusal::Malformed)?
            .claims;
        let for_us = match (&claims.aud, &self.audience) {
            (None, None) => true,
            (Some(aud), Some(ours)) => aud.includes(ours),
            // The token has another audience (RFC 7519, 4.1.3), or none although one is configured.
            _ => false,
        };
        if !for_us || claims.iss != self.issuer {
            return Err(Refusal::Malformed.into());
        }
        // Some libraries always write `JWT`. Any other `typ` means that the token has another purpose.
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
