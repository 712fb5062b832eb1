//! The ring's keys, prepared for signing and verifying. Each key has one algorithm, whatever the header of a token
//! requests.

use std::{
    collections::HashSet,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    crypto::{sign, verify},
    jwk::{Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde_json::Value;

use crate::{
    clock::Timestamp,
    error::AuthError,
    keys::{Key, Keys, Kid, Prepared, Ring, SigningAlgorithm},
    settings::SettingsError,
};

/// The prefix of a PKCS #8 `PrivateKeyInfo` of an Ed25519 seed (RFC 8410, 7). The 32 bytes of the seed follow.
const ED25519_PKCS8: [u8; 16] = *b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
/// The same for a scalar of P-256, without its public key, which is computed (RFC 5915, 3; RFC 5480, 2.1.1).
const P256_PKCS8: [u8; 35] =
    *b"\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\
    \x3d\x03\x01\x07\x04\x27\x30\x25\x02\x01\x01\x04\x20";
/// Maximum number of keys that are reported as unusable. The ring has a handful.
const REPORTED_MAX: usize = 64;
/// The message of the test signature of a key from a file.
const CHECKED: &[u8] = b"latchkey";

/// One key of the ring.
pub(super) struct SigningKey {
    pub kid: Kid,
    pub algorithm: Algorithm,
    pub encoding: EncodingKey,
    pub decoding: DecodingKey,
    jwk: Jwk,
}

impl SigningKey {
    fn new(kid: &Kid, algorithm: Algorithm, encoding: EncodingKey) -> Result<Self, AuthError> {
        let mut jwk = Jwk::from_encoding_key(&encoding, algorithm).map_err(|_| UNUSABLE)?;
        jwk.common.key_id = Some(kid.as_str().to_owned());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        jwk.common.key_algorithm = Some(KeyAlgorithm::from(algorithm));
        let decoding = DecodingKey::from_jwk(&jwk).map_err(|_| UNUSABLE)?;
        Ok(Self { kid: kid.clone(), algorithm, encoding, decoding, jwk })
    }

    /// Its public key. A symmetric key has none.
    fn public_jwk(&self) -> Option<&Jwk> {
        (!matches!(self.algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512)).then_some(&self.jwk)
    }
}

pub(super) struct SigningKeys {
    keys: Keys,
    /// Setting `SIGNING_KEYS_DIR`: the directory with `KID.pem` for each RS256 key.
    pem_dir: Option<PathBuf>,
    prepared: Prepared<SigningKey>,
    /// Unusable keys that are already in the log. The key set is public, so each request would repeat the line.
    reported: Mutex<HashSet<Kid>>,
}

impl SigningKeys {
    pub(super) fn new(keys: Keys, pem_dir: Option<PathBuf>) -> Self {
        Self { keys, pem_dir, prepared: Prepared::default(), reported: Mutex::default() }
    }

    /// The key that signs now.
    pub(super) async fn current(&self, now: Timestamp) -> Result<Arc<SigningKey>, AuthError> {
        let ring = self.keys.ring(now).await?;
        self.prepare(&ring, ring.current(now)?)
    }

    /// The key of this name, if it is accepted.
    pub(super) async fn find(&self, kid: &str, now: Timestamp) -> Result<Option<Arc<SigningKey>>, AuthError> {
        let ring = self.keys.ring(now).await?;
        ring.find(kid, now).map(|key| self.prepare(&ring, key)).transpose()
    }

    /// The public keys for services that verify our tokens (RFC 7517), including retiring keys during the overlap. A
    /// key that is not usable in this process is left out: failing would make the other keys unavailable, too.
    pub(super) async fn jwks(&self, now: Timestamp) -> Result<Vec<Value>, AuthError> {
        let ring = self.keys.ring(now).await?;
        let mut jwks = Vec::new();
        for key in ring.accepted(now) {
            let ready = match self.prepare(&ring, key) {
                Ok(ready) => ready,
                Err(error) => {
                    self.report(&key.kid, &error);
                    continue;
                }
            };
            if let Some(jwk) = ready.public_jwk() {
                jwks.push(serde_json::to_value(jwk).map_err(|_| AuthError::Internal("a key could not be serialised"))?);
            }
        }
        Ok(jwks)
    }

    /// The key itself, secret or not, for a service that has to share it (RFC 7517; RFC 7518, 6.4).
    pub(super) async fn export(&self, kid: &str, now: Timestamp) -> Result<Value, AuthError> {
        let key = self.find(kid, now).await?.ok_or(AuthError::UnknownKey)?;
        serde_json::to_value(&key.jwk).map_err(|_| AuthError::Internal("a key could not be serialised"))
    }

    /// Can a key of this name sign, and can its signature be verified? A derived key always can.
    pub(super) fn check(&self, kid: &Kid, algorithm: SigningAlgorithm) -> Result<(), AuthError> {
        if algorithm != SigningAlgorithm::Rs256 {
            return Ok(());
        }
        let key = SigningKey::new(kid, Algorithm::RS256, self.pem_key(kid)?);
        let works = key.and_then(|key| {
            let signature = sign(CHECKED, &key.encoding, key.algorithm).map_err(|_| UNUSABLE)?;
            verify(&signature, CHECKED, &key.decoding, key.algorithm).map_err(|_| UNUSABLE)
        });
        if matches!(works, Ok(true)) { Ok(()) } else { Err(no_pem(kid)) }
    }

    fn report(&self, kid: &Kid, error: &AuthError) {
        let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        if reported.len() < REPORTED_MAX && reported.insert(kid.clone()) {
            tracing::error!(kid = kid.as_str(), %error, "an unusable key is left out of the key set");
        }
    }

    fn prepare(&self, ring: &Ring, key: &Key) -> Result<Arc<SigningKey>, AuthError> {
        self.prepared.get(&key.kid, || self.signing_key(ring, key))
    }

    fn signing_key(&self, ring: &Ring, Key { kid, algorithm, .. }: &Key) -> Result<SigningKey, AuthError> {
        // An HMAC key is as long as the hash (RFC 7518, 3.2).
        let (algorithm, encoding) = match algorithm {
            SigningAlgorithm::Hs256 => {
                (Algorithm::HS256, EncodingKey::from_secret(ring.derive::<32>("jwt HS256", kid)?.as_slice()))
            }
            SigningAlgorithm::Hs384 => {
                (Algorithm::HS384, EncodingKey::from_secret(ring.derive::<48>("jwt HS384", kid)?.as_slice()))
            }
            SigningAlgorithm::Hs512 => {
                (Algorithm::HS512, EncodingKey::from_secret(ring.derive::<64>("jwt HS512", kid)?.as_slice()))
            }
            SigningAlgorithm::EdDsa => {
                let seed = ring.derive::<32>("jwt EdDSA", kid)?;
                (Algorithm::EdDSA, EncodingKey::from_ed_der(&[&ED25519_PKCS8[..], seed.as_slice()].concat()))
            }
            SigningAlgorithm::Es256 => {
                let scalar = ring.derive::<32>("jwt ES256", kid)?;
                (Algorithm::ES256, EncodingKey::from_ec_der(&[&P256_PKCS8[..], scalar.as_slice()].concat()))
            }
            SigningAlgorithm::Rs256 => (Algorithm::RS256, self.pem_key(kid)?),
        };
        SigningKey::new(kid, algorithm, encoding)
    }

    /// Reads an RSA key from its file. It cannot be derived, because finding its primes needs trial.
    fn pem_key(&self, kid: &Kid) -> Result<EncodingKey, AuthError> {
        // The path contains a `kid` of the ring, never that of a token.
        let dir = self.pem_dir.as_ref().ok_or_else(|| no_pem(kid))?;
        let pem = std::fs::read(dir.join(format!("{}.pem", kid.as_str()))).map_err(|_| no_pem(kid))?;
        EncodingKey::from_rsa_pem(&zeroize::Zeroizing::new(pem)).map_err(|_| no_pem(kid))
    }
}

/// The RS256 key of this name has no file, or its file contains no RSA key.
fn no_pem(kid: &Kid) -> AuthError {
    let expected = format!("a directory with an RSA private key of at least 2048 bits in {}.pem", kid.as_str());
    SettingsError { name: "SIGNING_KEYS_DIR", expected }.into()
}

const UNUSABLE: AuthError = AuthError::Internal("a signing key is not usable");

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        encoding::{AsDer, Pkcs8V1Der},
        rsa::{KeyPair, KeySize},
    };
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use jsonwebtoken::decode_header;
    use tempfile::TempDir;

    use super::*;
    use crate::{
        Delivery, NewKey,
        modes::jwt::{INFO, published},
        testing::{Driver, PASSWORD, START, World, present, request},
    };

    fn rsa_pem() -> String {
        let key: Pkcs8V1Der<'_> = KeyPair::generate(KeySize::Rsa2048).unwrap().as_der().unwrap();
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(key.as_ref()))
    }

    /// A world, and the result of adding the RS256 key `mine` with this text in its file.
    async fn offered(pem: Option<&str>, dir: &TempDir) -> (World, Result<Key, AuthError>) {
        if let Some(pem) = pem {
            std::fs::write(dir.path().join("mine.pem"), pem).unwrap();
        }
        let settings = [("SIGNING_KEYS_DIR", dir.path().to_str().unwrap())];
        let world = World::with_settings(Driver::Sqlite, &settings).await.unwrap();
        let kid = Some(Kid::new("mine".to_owned()));
        let new = NewKey { kid, algorithm: SigningAlgorithm::Rs256, active_from: START };
        let outcome = world.auth.rotate_keys(new).await;
        (world, outcome)
    }

    #[tokio::test]
    async fn an_rsa_key_signs_from_its_file_and_only_its_public_half_is_published() {
        let dir = tempfile::tempdir().unwrap();
        let (world, outcome) = offered(Some(&rsa_pem()), &dir).await;
        outcome.unwrap();
        world.sign_up("alice").await.unwrap();
        let issued = world.auth.login(INFO.id.0, "alice", PASSWORD, &request(&[])).await.unwrap();
        let Delivery::Pair { access, .. } = &issued.delivery else { panic!("no pair") };
        assert_eq!(decode_header(access.expose()).unwrap().alg, Algorithm::RS256);
        assert!(world.auth.identify(INFO.id.0, &present(&issued)).await.unwrap().is_some());

        let published = published::jwks(&world.auth).await.unwrap();
        let members: Vec<_> = published[0].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
    }

    #[tokio::test]
    async fn an_rsa_key_that_cannot_sign_is_not_added_to_the_ring() {
        for pem in [None, Some(""), Some("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")] {
            let (world, outcome) = offered(pem, &tempfile::tempdir().unwrap()).await;
            let Err(AuthError::Settings(error)) = outcome else { panic!("{pem:?}") };
            assert_eq!(error.name, "SIGNING_KEYS_DIR");
            assert!(published::jwks(&world.auth).await.unwrap().is_empty());
        }
    }

    /// A second process of `world` with this directory of key files.
    fn restarted(world: &World, dir: &TempDir) -> crate::Auth {
        let base = world.auth.base.clone();
        let settings = crate::Settings::new([("SIGNING_KEYS_DIR".to_owned(), dir.path().display().to_string())]);
        let keys = Keys::new(crate::testing::APP_SECRET, base.db.clone()).unwrap();
        let base = crate::Base::new(base.db, keys, settings).unwrap();
        crate::Auth::new(base, world.clock.clone(), crate::Hasher::new().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_missing_key_file_removes_no_other_key_from_the_key_set() {
        let dir = tempfile::tempdir().unwrap();
        let (world, outcome) = offered(Some(&rsa_pem()), &dir).await;
        outcome.unwrap();
        let new = NewKey { kid: None, algorithm: SigningAlgorithm::EdDsa, active_from: START };
        let derived = world.auth.rotate_keys(new).await.unwrap();
        let other = restarted(&world, &tempfile::tempdir().unwrap());
        let keys = published::jwks(&other).await.unwrap();
        assert_eq!(keys.iter().map(|jwk| jwk["kid"].as_str().unwrap()).collect::<Vec<_>>(), [derived.kid.as_str()]);
    }

    #[tokio::test]
    async fn a_missing_or_damaged_key_file_fails_at_start() {
        let dir = tempfile::tempdir().unwrap();
        let (world, outcome) = offered(Some(&rsa_pem()), &dir).await;
        outcome.unwrap();
        restarted(&world, &dir).check_keys().await.unwrap();
        for pem in [Some("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), None] {
            match pem {
                Some(pem) => std::fs::write(dir.path().join("mine.pem"), pem).unwrap(),
                None => std::fs::remove_file(dir.path().join("mine.pem")).unwrap(),
            }
            let error = restarted(&world, &dir).check_keys().await.unwrap_err().to_string();
            assert!(error.contains("SIGNING_KEYS_DIR") && error.contains("mine.pem"), "{error}");
        }
    }
}
