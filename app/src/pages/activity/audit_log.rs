//! Words for people for the actions and outcomes of the audit log.

use crate::refusal;

/// The prefix of the outcome if the server refused the credential.
const REFUSED: &str = "the credential was refused: ";
/// The outcome of an action that used a replaced credential and so ended its sign-in.
const REUSED: &str = "a used credential was presented again";

/// The outcome of a registration or a change of password whose input was invalid.
const INVALID: &str = "invalid registration";
/// The outcomes of a denial: no administrator, a cross-site request, an unknown OAuth client.
const FORBIDDEN: &str = "not permitted";
const CROSS_SITE: &str = "denied: csrf_failed";
const UNKNOWN_CLIENT: &str = "denied: invalid_client";

/// The name of an action. An action without a name here keeps its stored text. The log stores each denial as the action
/// `deny`, so the name of a denial comes from its outcome.
pub(crate) fn action_name(action: &str, outcome: &str) -> String {
    match (action, outcome) {
        ("deny", FORBIDDEN) => return "Act as an administrator".to_owned(),
        ("deny", CROSS_SITE) => return "Send a request".to_owned(),
        ("deny", UNKNOWN_CLIENT) => return "Introspect a token".to_owned(),
        _ => {}
    }
    match action {
        "register" => "Create the account",
        "import" => "Import the account",
        "login" => "Log in",
        "present" => "Use a credential",
        "rotate" => "Rotate the credential",
        "logout" => "Log out",
        "logout-all" => "Log out on every device",
        "logout-everywhere" => "Log out everywhere",
        "end-credential" => "End one sign-in",
        "end-others" => "End all other sign-ins",
        "change-password" => "Change the password",
        "set-password" => "Set a new password",
        "disable" => "Disable the account",
        "enable" => "Enable the account",
        "expire" => "End all sign-ins",
        "rotate-key" => "Add a key",
        "retire-key" => "Retire a key",
        "export-key" => "Export a key",
        other => return capitalised(&other.replace(['-', '_'], " ")),
    }
    .to_owned()
}

/// The outcome of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AuditOutcome {
    Done,
    /// A retry got the first answer again: that answer was lost, or two tabs asked at once.
    Retried,
    /// The server refused the credential or the permission, for this reason. A sentence.
    Refused(String),
    /// Any other failure. A sentence.
    Failed(String),
}

impl AuditOutcome {
    /// Parses the `outcome` of an entry.
    pub(crate) fn parse(word: &str) -> Self {
        match word {
            "ok" | "issued" | "rotated" => Self::Done,
            "retry" => Self::Retried,
            FORBIDDEN => Self::Refused("The account is not an administrator.".to_owned()),
            CROSS_SITE => Self::Refused("Another site may have caused the request (CSRF).".to_owned()),
            UNKNOWN_CLIENT => Self::Refused("The service is not a known OAuth client.".to_owned()),
            INVALID => Self::Failed("The username or the new password breaks the rules.".to_owned()),
            other => match other.strip_prefix(REFUSED) {
                Some(reason) => Self::Refused(reason_in_words(reason)),
                None if other == REUSED => Self::Refused(reason_in_words("credential_reused")),
                None => Self::Failed(as_sentence(other)),
            },
        }
    }

    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Done => "Done".to_owned(),
            Self::Retried => "Done again, as a retry".to_owned(),
            Self::Refused(reason) => format!("Refused: {reason}"),
            Self::Failed(reason) => format!("Failed: {reason}"),
        }
    }

    /// For `data-outcome`.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Done | Self::Retried => "done",
            Self::Refused(_) | Self::Failed(_) => "refused",
        }
    }
}

/// `revoked: password_changed` has the reason of the end after the colon, `replayed: parent` the token that was used
/// again.
fn reason_in_words(reason: &str) -> String {
    let (what, why) = reason.split_once(": ").unwrap_or((reason, reason));
    let known = if what == "replayed" { "refresh_token_reused" } else { why };
    refusal::sentence(known).map_or_else(|| as_sentence(&reason.replace('_', " ")), str::to_owned)
}

/// `no such user` as `No such user.`
fn as_sentence(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{}.", capitalised(text)) }
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_action_is_still_readable() {
        assert_eq!(action_name("logout-all", "ok"), "Log out on every device");
        assert_eq!(action_name("merge-accounts", "ok"), "Merge accounts");
        assert_eq!(action_name("", ""), "");
    }

    #[test]
    fn an_outcome_tells_success_from_refusal_and_gives_the_reason() {
        assert_eq!(AuditOutcome::parse("issued"), AuditOutcome::Done);
        assert_eq!(
            AuditOutcome::parse("the credential was refused: user_inactive").in_words(),
            "Refused: The account is disabled."
        );
        assert_eq!(AuditOutcome::parse("no such credential").in_words(), "Failed: No such credential.");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn a_password_that_breaks_the_rules_is_named_as_the_cause() {
        let outcome = auth::AuthError::InvalidRegistration { username: None, password: None }.to_string();
        let words = AuditOutcome::parse(&outcome).in_words();
        assert_eq!(words, "Failed: The username or the new password breaks the rules.");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn a_denial_says_what_was_asked_and_why_it_was_refused() {
        use auth::{AuthError, Denied};
        for (error, action, outcome) in [
            (AuthError::Forbidden, "Act as an administrator", "Refused: The account is not an administrator."),
            (
                AuthError::Denied(Denied::Csrf),
                "Send a request",
                "Refused: Another site may have caused the request (CSRF).",
            ),
            (
                AuthError::Denied(Denied::OauthClient),
                "Introspect a token",
                "Refused: The service is not a known OAuth client.",
            ),
        ] {
            let word = error.to_string();
            assert_eq!(action_name("deny", &word), action);
            assert_eq!(AuditOutcome::parse(&word).in_words(), outcome);
        }
    }

    #[test]
    fn the_end_of_a_sign_in_is_told_in_words() {
        let words = |outcome: &str| AuditOutcome::parse(outcome).in_words();
        assert_eq!(
            words("the credential was refused: revoked: password_changed"),
            "Refused: The password was changed in another sign-in."
        );
        assert!(words("the credential was refused: replayed: parent").contains("used a second time"));
        assert!(words("a used credential was presented again").contains("used a second time"));
        assert_eq!(words("the credential was refused: moon_phase"), "Refused: Moon phase.");
    }

    #[test]
    fn an_unknown_outcome_is_shown_as_a_failure() {
        assert_eq!(AuditOutcome::parse("database").as_str(), "refused");
        assert_eq!(AuditOutcome::parse("").as_str(), "refused");
    }
}
