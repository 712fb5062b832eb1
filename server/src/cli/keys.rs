//! `server keys …`: the key ring, which every instance reads from the database.

use std::error::Error;

use auth::{Auth, Key, Kid, LEAD, NewKey, SigningAlgorithm, Timestamp};
use clap::Subcommand;

/// Commands for the key ring. A running server sees a change within seconds.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// List every key with its dates
    List,
    /// Add a key. It signs as soon as every instance, and every service that caches our key set, can know it
    Rotate {
        /// The algorithm for signing tokens [default: that of the key that signs now]
        #[arg(long, value_parser = algorithm)]
        algorithm: Option<SigningAlgorithm>,
        /// The name of the key: letters, digits, - and _. For RS256, `SIGNING_KEYS_DIR` must have the private key as
        /// NAME.pem
        #[arg(long, value_parser = kid)]
        kid: Option<Kid>,
        /// Sign with the new key at once, if the old key is compromised
        #[arg(long)]
        now: bool,
    },
    /// Retire a key. Everything that it has signed or sealed is refused
    Retire {
        /// The name of the key
        kid: String,
    },
    Export(super::export::Export), // mode: jwt
}

impl KeysCommand {
    /// Runs the command and returns the lines to print.
    ///
    /// # Errors
    /// As the key ring.
    pub async fn run(self, auth: &Auth) -> Result<Vec<String>, Box<dyn Error>> {
        let now = auth.now();
        match self {
            Self::List => {
                let keys = auth.keys().await?;
                let signs = Key::that_signs(&keys, now);
                Ok(keys
                    .iter()
                    .map(|key| {
                        let state = match key {
                            key if !key.is_accepted(now) => "retired",
                            key if key.active_from > now => "published",
                            key if signs == Some(key) => "signs",
                            _ => "accepted",
                        };
                        format!(
                            "{}\t{}\t{state}\tfrom {}\tuntil {}",
                            key.kid.as_str(),
                            key.algorithm.as_str(),
                            key.active_from.0,
                            key.retired_at.map_or_else(|| "-".to_owned(), |at| at.0.to_string())
                        )
                    })
                    .collect())
            }
            Self::Rotate { algorithm, kid, now: at_once } => {
                let active_from = if at_once { now } else { now.plus(LEAD) };
                let signs = Key::that_signs(&auth.keys().await?, now).map(|key| key.algorithm);
                // On a ring of asymmetric keys, another default would empty the published key set.
                let algorithm = algorithm.or(signs).unwrap_or(SigningAlgorithm::Hs256);
                let key = auth.rotate_keys(NewKey { kid, algorithm, active_from }).await?;
                Ok(vec![format!("added key {}: {}", key.kid.as_str(), signs_from(active_from, now))])
            }
            Self::Retire { kid } => {
                auth.retire_key(&kid).await?;
                Ok(vec![format!("retired key {kid}")])
            }
            Self::Export(export) => Ok(vec![export.run(auth).await?]), // mode: jwt
        }
    }
}

fn signs_from(active_from: Timestamp, now: Timestamp) -> String {
    match active_from.since(now).0 {
        0 => "it signs from now on".to_owned(),
        seconds => format!("it signs in {seconds} seconds"),
    }
}

fn algorithm(text: &str) -> Result<SigningAlgorithm, String> {
    SigningAlgorithm::parse(text).ok_or_else(|| {
        let known: Vec<_> = SigningAlgorithm::ALL.iter().map(|algorithm| algorithm.as_str()).collect();
        format!("expected one of {}", known.join(", "))
    })
}

fn kid(text: &str) -> Result<Kid, String> {
    Kid::parse(text).ok_or_else(|| "expected 1 to 64 letters, digits, - or _".to_owned())
}
