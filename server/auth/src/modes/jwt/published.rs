//! Keys for services that verify our tokens: the public key set, the export of a key, and the setting `ALGORITHM`.

use serde_json::Value;

use super::{INFO, JwtPair, settings::ALIASES};
use crate::{
    Auth,
    audit::{Action, Event},
    error::AuthError,
    keys::{Kid, LEAD, NewKey, SigningAlgorithm},
    settings::SettingsError,
};

/// The public keys of the ring as a JWK Set (RFC 7517, 5). Empty where every key is symmetric.
///
/// # Errors
/// [`AuthError::Database`]
pub async fn jwks(auth: &Auth) -> Result<Vec<Value>, AuthError> {
    auth.mode_of_type::<JwtPair>(INFO.id)?.tokens.jwks(auth.now()).await
}

/// One key as a JWK, including its secret part, for a service that has to share it.
///
/// # Errors
/// [`AuthError::UnknownKey`], [`AuthError::Database`]
pub async fn export_key(auth: &Auth, kid: &str) -> Result<Value, AuthError> {
    let outcome = auth.mode_of_type::<JwtPair>(INFO.id)?.tokens.export(kid, auth.now()).await;
    auth.record(&Event::by_operator(Action::ExportKey), outcome.as_ref().map(|_| &())).await;
    outcome
}

/// Setting `ALGORITHM`: adds a key of this algorithm, unless one signs already. The first one has a fixed name, so that
/// instances that start concurrently add one key. Operators add further ones, and may choose another algorithm.
///
/// # Errors
/// [`AuthError::Settings`]; else as [`Auth::rotate_keys`].
pub async fn adopt_algorithm(auth: &Auth) -> Result<(), AuthError> {
    let settings = auth.base.settings.with_aliases(&ALIASES);
    let Some(text) = settings.text("ALGORITHM") else { return Ok(()) };
    let algorithm = SigningAlgorithm::parse(text).ok_or_else(|| SettingsError {
        name: "ALGORITHM",
        expected: "HS256, HS384, HS512, EdDSA, ES256 or RS256".to_owned(),
    })?;
    let now = auth.now();
    if auth.base.keys.ring(now).await?.current(now)?.algorithm == algorithm {
        return Ok(());
    }
    let kid = Some(Kid::new(format!("{}-1", algorithm.as_str())));
    match auth.rotate_keys(NewKey { kid: kid.clone(), algorithm, active_from: now.plus(LEAD) }).await {
        Err(AuthError::KeyExists) => {
            let listed = auth.keys().await?;
            // Added by an earlier start, and published before it signs.
            if listed.iter().any(|key| Some(&key.kid) == kid.as_ref() && key.active_from > now) {
                return Ok(());
            }
            tracing::warn!("ALGORITHM={text}, but a key of another algorithm signs: see `server keys list`");
            Ok(())
        }
        outcome => outcome.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        KEY_SET_MAX_AGE, RING_REFRESH, Timestamp, on_both_databases,
        testing::{START, World},
    };

    /// The name of the key that signs at this instant.
    async fn signs_at(auth: &Auth, instant: Timestamp) -> String {
        auth.base.keys.ring(instant).await.unwrap().current(instant).unwrap().kid.as_str().to_owned()
    }

    on_both_databases! {
        async fn a_new_algorithm_signs_only_after_every_cached_key_set_has_expired(driver: Driver) {
            let world = World::with_settings(driver, &[("ALGORITHM", "EdDSA")]).await.unwrap();
            adopt_algorithm(&world.auth).await.unwrap();
            assert!(world.auth.base.keys.ring(START).await.unwrap().find("EdDSA-1", START).is_some());
            // An instance with an outdated ring serves the previous key set, and a cache keeps it for its `max-age`.
            let cached_until = START.plus(RING_REFRESH).plus(KEY_SET_MAX_AGE);
            assert_eq!(signs_at(&world.auth, cached_until).await, "1");
            assert_eq!(signs_at(&world.auth, START.plus(LEAD)).await, "EdDSA-1");
        }
    }
}
