//! The commands of the documents do what the comments beside them say.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use crate::{
    document::{Document, documents},
    repository::has_all_modes,
};

/// The server in the `bash` blocks. Other shell blocks are `sh`: they build, need another program, or do not end.
/// The test puts its own in this place.
const SERVER: &str = "http://localhost:3000";

/// A server with the demo users and the default settings, on a port of its own and an empty database.
struct Server {
    process: Child,
    origin: String,
    folder: tempfile::TempDir,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_server"))
            .env_clear()
            .envs([
                ("APP_ENV", "development"),
                ("DEMO_USERS", "true"),
                ("LISTEN_ADDR", "127.0.0.1:0"),
                ("RUST_LOG", "off"),
            ])
            .env("DATA_DIR", folder.path().join("data"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let listens = lines.into_iter().find(|line| line.starts_with("Latchkey listens")).expect("the server starts");
        let origin = listens.rsplit_once(' ').unwrap().1.to_owned();
        Self { process, origin, folder }
    }

    /// What a shell prints for these commands. It stops at the first one that fails.
    fn run(&self, commands: &str) -> String {
        let output = Command::new("bash")
            .args(["-eu", "-o", "pipefail", "-c", &commands.replace(SERVER, &self.origin)])
            .current_dir(self.folder.path())
            // curl then uses no proxy and no .curlrc.
            .envs([("no_proxy", "localhost"), ("HOME", "/nonexistent")])
            .output()
            .unwrap();
        let (out, error) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "the commands failed: {error}\nafter this:\n{out}");
        out
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The claims of the comments at the ends of lines: `# 204, X-Revocation: immediate` is a status and words of the
/// answer.
fn promises(commands: &str) -> Vec<(&str, Vec<&str>)> {
    let comments = commands.lines().filter_map(|line| Some(line.rsplit_once(" # ")?.1.trim()));
    let promised = comments.filter_map(|comment| {
        let mut words = comment.split(", ");
        let status = words.next()?;
        let is_status = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
        is_status.then(|| (status, words.collect()))
    });
    promised.collect()
}

#[test]
fn the_commands_of_the_documents_do_what_they_say() {
    if !has_all_modes() {
        return;
    }
    for program in ["bash", "curl"] {
        let version = Command::new(program).arg("--version").stdout(Stdio::null()).status();
        assert!(version.is_ok_and(|status| status.success()), "{program} is missing");
    }
    let with_commands: Vec<_> = documents().into_iter().filter(|document| !document.commands.is_empty()).collect();
    assert!(!with_commands.is_empty(), "no document has commands");
    for Document { name, commands, .. } in with_commands {
        let commands = commands.join("\n");
        let out = Server::start().run(&commands);
        // `curl -i` prints one head for each answer.
        let answers: Vec<_> = out.split("HTTP/1.1 ").skip(1).collect();
        let promised = promises(&commands);
        let statuses: Vec<_> = answers.iter().map(|answer| &answer[..3]).collect();
        let expected: Vec<_> = promised.iter().map(|(status, _)| *status).collect();
        assert_eq!(statuses, expected, "{name} promises something else than the server answers:\n{out}");
        for ((_, words), answer) in promised.iter().zip(answers) {
            for word in words {
                assert!(answer.to_lowercase().contains(&word.to_lowercase()), "{name}: no {word} in:\n{answer}");
            }
        }
    }
}
