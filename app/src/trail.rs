//! The audit trail in words for people.

/// How the trail begins the outcome of whatever a refused credential was shown for.
const REFUSED: &str = "the credential was refused: ";

/// What was attempted, as the person who did it would put it. A word that is new to us is shown as it is.
pub(crate) fn what(action: &str) -> String {
    match action {
        "register" => "Create the account",
        "login" => "Log in",
        "present" => "Show a credential",
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
        other => return capitalised(&other.replace(['-', '_'], " ")),
    }
    .to_owned()
}

/// How it came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    /// Handed over again what the first answer had brought: it was lost, or two tabs asked at once.
    Repeated,
    /// The credential that was shown does not work, for this reason.
    Refused(String),
    /// Anything else stood in the way.
    NotDone(String),
}

impl Outcome {
    /// Reads the word that the trail has for it.
    pub(crate) fn parse(word: &str) -> Self {
        match word {
            "ok" | "issued" | "rotated" => Self::Done,
            "retry" => Self::Repeated,
            other => match other.strip_prefix(REFUSED) {
                Some(reason) => Self::Refused(reason.replace('_', " ")),
                None => Self::NotDone(other.to_owned()),
            },
        }
    }

    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Done => "Done".to_owned(),
            Self::Repeated => "Done again, as a retry".to_owned(),
            Self::Refused(reason) => format!("Refused: {reason}"),
            Self::NotDone(reason) => format!("Not done: {reason}"),
        }
    }

    /// For `data-outcome`.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Done | Self::Repeated => "done",
            Self::Refused(_) | Self::NotDone(_) => "refused",
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_that_is_new_to_us_is_still_readable() {
        assert_eq!(what("logout-all"), "Log out on every device");
        assert_eq!(what("import-account"), "Import account");
        assert_eq!(what(""), "");
    }

    #[test]
    fn an_outcome_tells_success_from_refusal_and_gives_the_reason() {
        assert_eq!(Outcome::parse("issued"), Outcome::Done);
        assert_eq!(Outcome::parse("the credential was refused: user_inactive").in_words(), "Refused: user inactive");
        assert_eq!(Outcome::parse("no such credential").in_words(), "Not done: no such credential");
    }

    #[test]
    fn whatever_is_not_known_as_a_success_is_shown_as_none() {
        assert_eq!(Outcome::parse("database").as_str(), "refused");
        assert_eq!(Outcome::parse("").as_str(), "refused");
    }
}
