//! User names: what one may look like, and when two are the same.

use precis_profiles::{UsernameCaseMapped, precis_core::profile::PrecisFastInvocation};

/// Code points. 64 hold any name that people use, and leave a sealed cookie far below the browser's 4096 bytes.
pub const USERNAME_MAX_CHARS: usize = 64;

/// A user name in its one canonical form: RFC 8265, UsernameCaseMapped. Width, case and composition are folded, so that
/// `Ａlice`, `ALICE` and `alice` are one account and not three that look alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Username(String);

/// What is wrong with a user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameProblem {
    /// Empty, or over [`USERNAME_MAX_CHARS`].
    Length,
    /// A character that RFC 8265 forbids, or ASCII punctuation other than `. _ - @ +`.
    Characters,
}

impl Username {
    /// Reads a name as a person typed it.
    ///
    /// # Errors
    /// [`UsernameProblem`]
    pub fn parse(text: &str) -> Result<Self, UsernameProblem> {
        // Counted before the folding, which costs time: a megabyte is refused for its length.
        if text.is_empty() || text.chars().count() > USERNAME_MAX_CHARS {
            return Err(UsernameProblem::Length);
        }
        let folded = UsernameCaseMapped::enforce(text).map_err(|_| UsernameProblem::Characters)?;
        if folded.chars().count() > USERNAME_MAX_CHARS {
            return Err(UsernameProblem::Length);
        }
        if folded.chars().any(|c| c.is_ascii_punctuation() && !"._-@+".contains(c)) {
            return Err(UsernameProblem::Characters);
        }
        Ok(Self(folded.into_owned()))
    }

    /// As it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_by_case_or_width_are_one_account() {
        assert_eq!(Username::parse("ＡLICE").unwrap(), Username::parse("alice").unwrap());
    }

    #[test]
    fn composed_and_decomposed_letters_are_one_account() {
        assert_eq!(Username::parse("Zoe\u{308}").unwrap(), Username::parse("zo\u{eb}").unwrap());
    }

    #[test]
    fn a_name_may_be_written_in_any_script() {
        assert_eq!(Username::parse("민준").unwrap().as_str(), "민준");
    }

    #[test]
    fn a_mail_address_is_a_name() {
        assert!(Username::parse("alice+test@example.org").is_ok());
    }

    #[test]
    fn spaces_controls_and_markup_are_refused() {
        for text in ["al ice", "al\u{0}ice", "al\u{200b}ice", "<alice>", "\"alice\""] {
            assert_eq!(Username::parse(text), Err(UsernameProblem::Characters), "{text:?}");
        }
    }

    #[test]
    fn the_length_is_counted_in_code_points() {
        assert!(Username::parse(&"민".repeat(64)).is_ok());
        assert_eq!(Username::parse(&"민".repeat(65)), Err(UsernameProblem::Length));
        assert_eq!(Username::parse(""), Err(UsernameProblem::Length));
    }
}
