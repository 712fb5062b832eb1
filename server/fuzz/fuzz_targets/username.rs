//! User names: every accepted name has exactly one canonical form.
#![no_main]

use auth::{Username, UsernameProblem};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Username::parse(text) {
        Ok(name) => {
            let form = name.as_str();
            assert!((1..=64).contains(&form.chars().count()));
            assert!(!form.contains(|c: char| c.is_control() || c.is_whitespace() || c.is_ascii_uppercase()));
            assert!(!form.contains(|c: char| c.is_ascii_punctuation() && !"._-@+".contains(c)));
            assert_eq!(Username::parse(form).as_ref(), Ok(&name), "the canonical form of an accepted name differs");
        }
        Err(UsernameProblem::Length) => assert!(text.is_empty() || text.chars().count() > 20),
        Err(UsernameProblem::Characters) => {}
        Err(problem) => panic!("{problem:?} is a rule for new names"),
    }
    if let Ok(name) = Username::parse_new(text) {
        assert_eq!(Username::parse(text), Ok(name), "a new name cannot log in");
    }
});
