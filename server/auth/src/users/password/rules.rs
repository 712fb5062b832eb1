//! What a password has to be, and the one form in which it is hashed (NIST SP 800-63B-4, 3.1.1).

use precis_profiles::{OpaqueString, precis_core::profile::PrecisFastInvocation};
use zxcvbn::Score;

use crate::secret::SecretString;

/// Code points. NIST asks for 15 where the password stands alone, as it does here.
pub const PASSWORD_MIN_CHARS: usize = 15;
/// Code points. NIST asks for room for at least 64; the bound keeps a megabyte out of the hash.
pub const PASSWORD_MAX_CHARS: usize = 256;

/// What is wrong with a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Under [`PASSWORD_MIN_CHARS`].
    TooShort,
    /// Over [`PASSWORD_MAX_CHARS`].
    TooLong,
    /// A character that no keyboard types reliably: controls, unassigned code points.
    Characters,
    /// Common, or made of common words, sequences, dates or the user's own name.
    TooCommon,
}

/// A password in the one form that is hashed: RFC 8265, OpaqueString. Composition is normalised (NFC) and every kind of
/// space is a space, so the same keys on another keyboard sign in; nothing is trimmed and no case is folded.
#[derive(Debug)]
pub struct Password(SecretString);

impl Password {
    /// Reads a password as a person typed it.
    ///
    /// # Errors
    /// [`PasswordProblem::TooLong`], [`PasswordProblem::Characters`]. The other rules are for new passwords only: see
    /// [`Password::check_new`].
    pub fn parse(text: &str) -> Result<Self, PasswordProblem> {
        if text.chars().count() > PASSWORD_MAX_CHARS {
            return Err(PasswordProblem::TooLong);
        }
        let normal = OpaqueString::enforce(text).map_err(|_| PasswordProblem::Characters)?;
        Ok(Self(SecretString::new(normal.into_owned())))
    }

    /// May this become somebody's password? Costs milliseconds: call it on a blocking thread.
    ///
    /// # Errors
    /// [`PasswordProblem::TooShort`], [`PasswordProblem::TooCommon`]
    pub fn check_new(&self, username: &str) -> Result<(), PasswordProblem> {
        let text = self.0.expose();
        if text.chars().count() < PASSWORD_MIN_CHARS {
            return Err(PasswordProblem::TooShort);
        }
        // NIST's blocklist asks for common, expected and compromised values, and the user's own name. zxcvbn holds the
        // lists and knows the usual disguises; under "safely unguessable" (10^8 guesses) a password is on them in effect.
        if zxcvbn::zxcvbn(text, &[username, "latchkey"]).score() < Score::Three {
            return Err(PasswordProblem::TooCommon);
        }
        Ok(())
    }

    /// The form that is hashed.
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
    fn a_long_passphrase_without_digits_or_signs_is_fine() {
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
    fn a_password_is_bounded_so_that_nobody_hashes_a_megabyte() {
        assert_eq!(problem(&"ab3".repeat(86)), Some(PasswordProblem::TooLong));
    }

    #[test]
    fn control_characters_are_refused() {
        assert_eq!(problem("gravel otter\u{0} lampshade"), Some(PasswordProblem::Characters));
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
        fn a_password_in_ascii_is_taken_as_it_was_typed(text in "[ -~]{1,256}") {
            let password = Password::parse(&text).unwrap();
            prop_assert_eq!(password.0.expose(), text);
        }

        #[test]
        fn a_long_password_is_refused_for_its_length(text in r"\PC{257,600}") {
            prop_assert_eq!(Password::parse(&text).err(), Some(PasswordProblem::TooLong));
        }

        #[test]
        fn a_new_password_of_any_text_is_judged_and_does_not_panic(text in r"\PC{15,40}", name in r"\PC{0,9}") {
            if let Ok(password) = Password::parse(&text) {
                let judged = password.check_new(&name);
                let short = password.0.expose().chars().count() < PASSWORD_MIN_CHARS;
                prop_assert_eq!(judged == Err(PasswordProblem::TooShort), short);
            }
        }
    }
}
