//! The rules for passwords, and the normal form that is hashed (NIST SP 800-63B-4, 3.1.1).

use precis_profiles::OpaqueString;
use zxcvbn::Score;

use crate::{secret::SecretString, users::normal_form::normal_form};

/// Code points. NIST requires 15 where the password is the only factor, as it is here.
pub const PASSWORD_MIN_CHARS: usize = 15;
/// Code points. NIST requires room for at least 64. The bound keeps a megabyte of text away from the hash.
pub const PASSWORD_MAX_CHARS: usize = 256;

/// The problem of a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Shorter than [`PASSWORD_MIN_CHARS`].
    TooShort,
    /// Longer than [`PASSWORD_MAX_CHARS`].
    TooLong,
    /// It contains a character that keyboards do not type reliably: a control or an unassigned code point.
    Characters,
    /// Common, or composed of common words, sequences, dates or the user's own name.
    TooCommon,
}

/// A password in normal form: RFC 8265, OpaqueString. Composition is normalised (NFC) and every kind of space becomes a
/// space, so the same password works from another keyboard. Nothing is trimmed, and no case is folded.
#[derive(Debug)]
pub struct Password(SecretString);

impl Password {
    /// Normalises a password as typed.
    ///
    /// # Errors
    /// [`PasswordProblem::TooLong`], [`PasswordProblem::Characters`]. The other rules apply to new passwords only: see
    /// [`Password::check_new`].
    pub fn parse(text: &str) -> Result<Self, PasswordProblem> {
        if text.chars().count() > PASSWORD_MAX_CHARS {
            return Err(PasswordProblem::TooLong);
        }
        let normal = normal_form::<OpaqueString>(text).ok_or(PasswordProblem::Characters)?;
        Ok(Self(SecretString::new(normal)))
    }

    /// Checks the rules for a new password. Takes milliseconds: call it on a blocking thread.
    ///
    /// # Errors
    /// [`PasswordProblem::TooShort`], [`PasswordProblem::TooCommon`]
    pub fn check_new(&self, username: &str) -> Result<(), PasswordProblem> {
        let text = self.0.expose();
        if text.chars().count() < PASSWORD_MIN_CHARS {
            return Err(PasswordProblem::TooShort);
        }
        // NIST requires a blocklist of common, expected and compromised values, and of the user's own name. zxcvbn
        // contains these lists and recognises common substitutions. A score below "safely unguessable" (10^8 guesses)
        // counts as listed.
        if zxcvbn::zxcvbn(text, &[username, "latchkey"]).score() < Score::Three {
            return Err(PasswordProblem::TooCommon);
        }
        Ok(())
    }

    /// The normal form.
    pub(super) fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn problem(text: &str) -> Option<PasswordProblem> {
        Password::parse(text).and_then(|password| password.check_new("alice")).err()
    }

    #[test]
    fn fourteen_code_points_are_too_few_and_fifteen_enough() {
        assert_eq!(problem("zu4Ki.9pLw7Qx3"), Some(PasswordProblem::TooShort));
        assert_eq!(problem("zu4Ki.9pLw7Qx3v"), None);
    }

    #[test]
    fn a_long_passphrase_without_digits_or_signs_is_accepted() {
        assert_eq!(problem("gravel otter lampshade quietly"), None);
    }

    #[test]
    fn guessable_passwords_are_refused_however_long() {
        for text in
            ["passwordpassword", "aaaaaaaaaaaaaaaaaaaa", "123456789012345678", "alicealicealice", "qwertyuiopasdfgh"]
        {
            assert_eq!(problem(text), Some(PasswordProblem::TooCommon), "{text}");
        }
    }

    #[test]
    fn a_megabyte_is_refused_as_a_password() {
        assert_eq!(problem(&"ab3".repeat(86)), Some(PasswordProblem::TooLong));
    }

    #[test]
    fn control_characters_are_refused() {
        assert_eq!(problem("gravel otter\u{0} lampshade"), Some(PasswordProblem::Characters));
    }

    /// U+0387 becomes U+00B7, which the profile allows between two letters l only.
    #[test]
    fn a_password_whose_normal_form_is_forbidden_is_refused() {
        assert_eq!(problem("gravel otter\u{387} lampshade"), Some(PasswordProblem::Characters));
    }

    proptest! {
        #[test]
        fn an_accepted_password_is_in_the_one_form_that_is_hashed(text in r"[\p{L}\p{M}\p{Z}\p{S}\p{P}]{0,20}") {
            if let Ok(password) = Password::parse(&text) {
                let form = password.0.expose();
                let again = Password::parse(form).unwrap();
                prop_assert_eq!(again.0.expose(), form);
            }
        }

        #[test]
        fn no_accepted_password_holds_a_control_or_another_space(text in prop::collection::vec(any::<char>(), 0..20)) {
            match Password::parse(&String::from_iter(text)) {
                Ok(password) => {
                    let form = password.0.expose();
                    prop_assert!(!form.is_empty());
                    prop_assert!(!form.contains(|c: char| c.is_control() || (c.is_whitespace() && c != ' ')), "{form:?}");
                }
                Err(problem) => prop_assert_eq!(problem, PasswordProblem::Characters),
            }
        }

        #[test]
        fn an_ascii_password_is_not_changed_by_normalisation(text in "[ -~]{1,256}") {
            let password = Password::parse(&text).unwrap();
            prop_assert_eq!(password.0.expose(), text);
        }

        #[test]
        fn a_long_password_is_refused_for_its_length(text in r"\PC{257,600}") {
            prop_assert_eq!(Password::parse(&text).err(), Some(PasswordProblem::TooLong));
        }

        #[test]
        fn any_text_gets_a_verdict_as_a_new_password(text in r"\PC{15,40}", name in r"\PC{0,9}") {
            if let Ok(password) = Password::parse(&text) {
                let judged = password.check_new(&name);
                let short = password.0.expose().chars().count() < PASSWORD_MIN_CHARS;
                prop_assert_eq!(judged == Err(PasswordProblem::TooShort), short);
            }
        }
    }
}
