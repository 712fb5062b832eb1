//! User names: which are valid, and which are equal.

use precis_profiles::UsernameCaseMapped;
use unicode_security::{RestrictionLevel, RestrictionLevelDetection, skeleton};

use super::normal_form::normal_form;

/// Separators in a user name or a mail address. They belong to no script.
const SIGNS: &str = "._-@+";
/// Names that only an operator can assign (`server user add`): readers would take such a user for the site, its staff,
/// or a mailbox that RFC 2142 reserves for them. Add the name of your product.
const RESERVED: [&str; 34] = [
    // Operators of the site.
    "admin",
    "administrator",
    "latchkey",
    "moderator",
    "official",
    "operator",
    "owner",
    "staff",
    "sysadmin",
    "team",
    // System accounts.
    "daemon",
    "guest",
    "mailer-daemon",
    "nobody",
    "noreply",
    "no-reply",
    "null",
    "root",
    "superuser",
    "system",
    // Mailboxes.
    "abuse",
    "billing",
    "contact",
    "help",
    "helpdesk",
    "hostmaster",
    "info",
    "noc",
    "postmaster",
    "privacy",
    "sales",
    "security",
    "support",
    "webmaster",
];

/// Code points. 64 is enough for real names, and keeps a cookie that contains it far below the browser's limit of 4096
/// bytes.
pub const USERNAME_MAX_CHARS: usize = 64;

/// A user name in canonical form: RFC 8265, UsernameCaseMapped. Width, case and composition are folded, so that
/// `Ａlice`, `ALICE` and `alice` are one account instead of three that look alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Username(String);

/// The problem of a user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameProblem {
    /// Empty, or over [`USERNAME_MAX_CHARS`].
    Length,
    /// A character that RFC 8265 forbids, or ASCII punctuation other than `. _ - @ +`.
    Characters,
    /// It mixes scripts, or contains a letter of a script that is no longer in use. Applies to new names only.
    MixedScripts,
    /// It is reserved, or looks like a reserved name. Applies to new names only.
    Reserved,
}

impl Username {
    /// Parses a user name as typed.
    ///
    /// # Errors
    /// [`UsernameProblem`]
    pub fn parse(text: &str) -> Result<Self, UsernameProblem> {
        // Check the length before the folding, which takes time: a megabyte is refused early.
        if text.is_empty() || text.chars().count() > USERNAME_MAX_CHARS {
            return Err(UsernameProblem::Length);
        }
        let folded = normal_form::<UsernameCaseMapped>(text).ok_or(UsernameProblem::Characters)?;
        if folded.chars().count() > USERNAME_MAX_CHARS {
            return Err(UsernameProblem::Length);
        }
        if folded.chars().any(|c| c.is_ascii_punctuation() && !SIGNS.contains(c)) {
            return Err(UsernameProblem::Characters);
        }
        Ok(Self(folded))
    }

    /// Parses the name of a new account. Its rules are stricter, so that a name cannot imitate another one:
    /// `r\u{43e}\u{43e}t` with Cyrillic letters is not `root`. Existing accounts with such a name can still log in.
    ///
    /// # Errors
    /// [`UsernameProblem`]
    pub fn parse_new(text: &str) -> Result<Self, UsernameProblem> {
        let name = Self::parse(text)?;
        // "Highly Restrictive" (UTS 39, 5.2): one script, or one of the usual combinations of Latin with Chinese,
        // Japanese or Korean.
        let letters = name.0.replace(|c| SIGNS.contains(c), "");
        if !letters.check_restriction_level(RestrictionLevel::HighlyRestrictive) {
            return Err(UsernameProblem::MixedScripts);
        }
        // Names with the same skeleton look alike (UTS 39, 4).
        if RESERVED.iter().any(|reserved| skeleton(reserved).eq(skeleton(&name.0))) {
            return Err(UsernameProblem::Reserved);
        }
        Ok(name)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
    fn a_mail_address_is_a_valid_name() {
        assert!(Username::parse("alice+test@example.org").is_ok());
    }

    #[test]
    fn spaces_controls_and_markup_are_refused() {
        for text in ["al ice", "al\u{0}ice", "al\u{200b}ice", "<alice>", "\"alice\""] {
            assert_eq!(Username::parse(text), Err(UsernameProblem::Characters), "{text:?}");
        }
    }

    #[test]
    fn a_new_name_of_mixed_scripts_is_refused_and_an_old_one_may_log_in() {
        // Cyrillic o; Cyrillic a; Greek o; Armenian s.
        for text in ["r\u{43e}\u{43e}t", "\u{430}lice", "b\u{3bf}b", "ali\u{57d}"] {
            assert_eq!(Username::parse_new(text), Err(UsernameProblem::MixedScripts), "{text}");
            assert!(Username::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_new_name_of_one_script_or_a_usual_combination_is_accepted() {
        for text in [
            "alice",
            "zo\u{eb}",
            "민준",
            "алиса",
            "αλίκη",
            "kim민준",
            "山田taro",
            "たろう",
            "אליס",
            "alice+test@example.org",
            "민준@example.org",
            "1234",
            "._-",
        ] {
            assert_eq!(Username::parse_new(text), Username::parse(text), "{text}");
        }
    }

    #[test]
    fn a_reserved_name_is_refused_in_every_spelling_that_looks_like_it() {
        // Full width; dotless i; rn for m; Cyrillic letters alone.
        for text in [
            "root",
            "ROOT",
            "ＲＯＯＴ",
            "adm\u{131}n",
            "adrnin",
            "Support",
            "no-reply",
            "\u{455}\u{443}\u{455}t\u{435}m",
        ] {
            assert!(Username::parse_new(text).is_err(), "{text}");
        }
        assert_eq!(Username::parse_new("Administrator"), Err(UsernameProblem::Reserved));
    }

    #[test]
    fn a_name_that_only_contains_a_reserved_one_is_accepted() {
        for text in ["rooted", "admin7", "root@example.org", "the-support"] {
            assert!(Username::parse_new(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn every_reserved_name_is_a_valid_name() {
        for name in RESERVED {
            assert_eq!(Username::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn the_length_is_counted_in_code_points() {
        assert!(Username::parse(&"민".repeat(64)).is_ok());
        assert_eq!(Username::parse(&"민".repeat(65)), Err(UsernameProblem::Length));
        assert_eq!(Username::parse(""), Err(UsernameProblem::Length));
    }

    /// Any text, with a preference for characters that foldings and scripts treat differently.
    fn text() -> impl Strategy<Value = String> {
        let one = prop_oneof![
            4 => "[a-zA-Z0-9._@+-]",
            // dotless, long, final, width, compatibility, Cherokee, contextual, digits of two rows
            1 => r"[\u{130}\u{131}\u{17f}\u{df}\u{1e9e}\u{3a3}\u{3c2}\u{345}\u{390}\u{149}\u{ff21}\u{ff71}\u{ff9e}]",
            1 => r"[\u{b5}\u{c5}\u{212b}\u{fb00}\u{ab70}\u{13e3}\u{b7}\u{5d0}\u{5f4}\u{640}\u{660}\u{6f0}\u{200d}]",
            1 => r"\p{M}|\p{Sk}|\p{Lm}|\p{Nl}|\p{Cf}",
            1 => any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(one, 0..9).prop_map(|all| all.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn an_accepted_name_is_in_its_canonical_form(text in text()) {
            if let Ok(name) = Username::parse(&text) {
                prop_assert_eq!(Username::parse(name.as_str()), Ok(name));
            }
        }

        #[test]
        fn an_accepted_name_has_the_documented_form(text in text()) {
            match Username::parse(&text) {
                Ok(name) => {
                    let name = name.as_str();
                    prop_assert!((1..=USERNAME_MAX_CHARS).contains(&name.chars().count()));
                    prop_assert!(!name.contains(|c: char| c.is_control() || c.is_whitespace() || c.is_ascii_uppercase()));
                    prop_assert!(!name.contains(|c: char| c.is_ascii_punctuation() && !"._-@+".contains(c)), "{name:?}");
                }
                Err(problem) => prop_assert_eq!(problem == UsernameProblem::Length, text.is_empty()),
            }
        }

        #[test]
        fn a_valid_new_name_is_a_valid_name(text in text()) {
            if let Ok(name) = Username::parse_new(&text) {
                prop_assert_eq!(Username::parse(&text), Ok(name));
            }
        }

        #[test]
        fn a_name_in_ascii_is_one_account_in_either_case(text in "[a-zA-Z0-9._@+-]{1,64}") {
            prop_assert_eq!(Username::parse(&text), Ok(Username(text.to_ascii_lowercase())));
        }

        #[test]
        fn a_long_name_is_refused_for_its_length(text in r"\PC{65,200}") {
            prop_assert_eq!(Username::parse(&text), Err(UsernameProblem::Length));
        }
    }
}
