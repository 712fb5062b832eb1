//! The command line as a process: its output and its exit codes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

const PASSWORD: &str = "gravel otter lampshade";

struct Machine(TempDir);

impl Machine {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_server"))
            .args(arguments)
            .env_clear()
            .env("APP_ENV", "development")
            .env("DATA_DIR", self.0.path().join("data"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // This fails if the command needs no input and has ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_command_that_succeeds_says_so_in_one_line_and_repeats_no_password() {
    let machine = Machine::new();
    let output = machine.run(&["user", "add", "alice"], &format!("{PASSWORD}\n"));
    assert!(output.status.success());
    assert_eq!((text(&output.stdout), text(&output.stderr)), ("added alice, role user\n", ""));
    let listed = machine.run(&["user", "list"], "");
    assert!(text(&listed.stdout).starts_with("alice\tuser\tcreated "));
}

#[test]
fn a_new_key_signs_by_the_algorithm_of_the_key_before_it() {
    let machine = Machine::new();
    for arguments in [&["keys", "rotate", "--now", "--algorithm", "EdDSA"][..], &["keys", "rotate"]] {
        assert!(machine.run(arguments, "").status.success(), "{arguments:?}");
    }
    let listed = machine.run(&["keys", "list"], "");
    assert_eq!(text(&listed.stdout).matches("\tEdDSA\t").count(), 2, "{}", text(&listed.stdout));
}

#[test]
fn a_command_that_fails_says_why_and_ends_with_a_code() {
    let machine = Machine::new();
    for (arguments, input, why) in [
        (&["user", "disable", "zoe"][..], "", "there is no account \"zoe\"\n"),
        (&["user", "add", "alice"], "", "no password: write it to standard input, as the first line\n"),
        (&["user", "import", "/nowhere.json"], "", "/nowhere.json: No such file or directory (os error 2)\n"),
    ] {
        let output = machine.run(arguments, input);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_eq!((text(&output.stdout), text(&output.stderr)), ("", why), "{arguments:?}");
    }
}

#[test]
fn what_is_no_command_is_refused_with_the_usage() {
    let output = Machine::new().run(&["--print-modes"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("Usage: server"));
}

#[test]
fn the_modes_are_printed_without_any_settings() {
    let output = Command::new(env!("CARGO_BIN_EXE_server")).arg("print-modes").env_clear().output().unwrap();
    assert!(output.status.success());
    assert!(text(&output.stdout).starts_with("[\n  {\n    \"id\": "));
}
