//! OAuth clients that may introspect tokens: setting `OAUTH_CLIENTS`, as `name:secret`, separated by commas.

use crate::{
    secret::SecretHash,
    settings::{Settings, SettingsError},
};

const NAME: &str = "OAUTH_CLIENTS";
/// Minimum length in characters. Generate a secret by `openssl rand -hex 32`.
const SECRET_MIN_CHARS: usize = 32;

/// Client names, and the hashes of their secrets.
#[derive(Default)]
pub(crate) struct OauthClients(Vec<(String, SecretHash)>);

impl OauthClients {
    pub(crate) fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let expected = || SettingsError {
            name: NAME,
            expected: format!("name:secret pairs, with secrets of at least {SECRET_MIN_CHARS} characters"),
        };
        settings
            .list(NAME, &[])
            .iter()
            .map(|pair| {
                let (name, secret) = pair.split_once(':').ok_or_else(expected)?;
                let usable = !name.is_empty() && secret.len() >= SECRET_MIN_CHARS;
                usable.then(|| (name.to_owned(), SecretHash::of(secret.as_bytes()))).ok_or_else(expected)
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Does an OAuth client have this name and this secret?
    pub(crate) fn knows(&self, name: &str, secret: &str) -> bool {
        // Comparing hashes leaks nothing about the secret by its time.
        let hash = SecretHash::of(secret.as_bytes());
        self.0.iter().any(|(known, its_hash)| known == name && *its_hash == hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clients(text: &str) -> Result<OauthClients, SettingsError> {
        OauthClients::new(&Settings::new([(NAME.to_owned(), text.to_owned())]))
    }

    #[test]
    fn a_client_needs_both_its_name_and_its_secret() {
        let (shop, bank) = ("s".repeat(32), "b".repeat(32));
        let clients = clients(&format!("shop:{shop},bank:{bank}")).unwrap();
        assert!(clients.knows("shop", &shop) && clients.knows("bank", &bank));
        assert!(!clients.knows("shop", &bank) && !clients.knows("mall", &shop));
    }

    #[test]
    fn there_is_no_client_by_default() {
        assert!(!OauthClients::new(&Settings::default()).unwrap().knows("", ""));
    }

    #[test]
    fn a_short_secret_is_refused_at_start_and_not_printed() {
        let problem = clients("shop:hunter2").err().unwrap().to_string();
        assert!(problem.contains("OAUTH_CLIENTS") && !problem.contains("hunter2"));
    }
}
