//! Passwords: the first line is a user name, the rest a password. Every input gets a verdict in bounded time.
#![no_main]

use auth::{Password, PasswordProblem};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (name, text) = text.split_once('\n').unwrap_or(("", text));
    match Password::parse(text) {
        Ok(password) => {
            let judged = password.check_new(name);
            assert!(matches!(judged, Ok(()) | Err(PasswordProblem::TooShort | PasswordProblem::TooCommon)));
        }
        Err(PasswordProblem::TooLong) => assert!(text.chars().count() > 256),
        Err(PasswordProblem::Characters) => {}
        Err(problem) => panic!("{problem:?}"),
    }
});
