//! The command line. Settings come from the environment, as for the server. A password is never an argument: every
//! account of the machine can read arguments in the list of processes.

mod export; // mode: jwt
mod import;
mod keys;
mod password;
mod user;

use clap::{Parser, Subcommand};

pub use self::{keys::KeysCommand, password::ask_password, user::UserCommand};

/// Serve Latchkey, and manage its accounts and keys. Settings come from the environment: see docs/settings.md.
#[derive(Debug, Parser)]
#[command(name = "server", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands, with one file in this directory for each group.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve. This is the default
    Serve,
    /// List, add, disable, enable and import accounts
    #[command(subcommand)]
    User(UserCommand),
    /// List, rotate, retire and export the keys that sign tokens and seal cookies
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Print the modes as JSON, as GET /api/modes
    PrintModes,
}

#[cfg(test)]
mod tests {
    use auth::SigningAlgorithm;
    use clap::CommandFactory as _;

    use super::*;

    fn parse(arguments: &[&str]) -> Result<Option<Command>, clap::Error> {
        Cli::try_parse_from([&["server"], arguments].concat()).map(|cli| cli.command)
    }

    #[test]
    fn the_commands_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn without_a_command_the_server_serves() {
        assert!(matches!(parse(&[]), Ok(None)));
        assert!(matches!(parse(&["serve"]), Ok(Some(Command::Serve))));
    }

    #[test]
    fn each_command_is_read() {
        assert!(matches!(parse(&["print-modes"]), Ok(Some(Command::PrintModes))));
        for command in ["enable", "disable", "passwd", "expire", "add", "import"] {
            assert!(matches!(parse(&["user", command, "alice"]), Ok(Some(Command::User(_)))), "{command}");
        }
        assert!(matches!(parse(&["user", "list"]), Ok(Some(Command::User(UserCommand::List)))));
    }

    #[test]
    fn a_key_signs_by_a_known_algorithm_only() {
        assert!(matches!(
            parse(&["keys", "rotate", "--algorithm", "EdDSA", "--now"]),
            Ok(Some(Command::Keys(KeysCommand::Rotate { algorithm: Some(SigningAlgorithm::EdDsa), now: true, .. })))
        ));
        assert!(parse(&["keys", "rotate", "--algorithm", "none"]).is_err());
    }

    #[test]
    fn an_administrator_is_made_only_by_saying_so() {
        let admin = |arguments: &[&str]| match parse(arguments) {
            Ok(Some(Command::User(UserCommand::Add { admin, .. }))) => Some(admin),
            _ => None,
        };
        assert_eq!(admin(&["user", "add", "root", "--admin"]), Some(true));
        assert_eq!(admin(&["user", "add", "alice"]), Some(false));
    }

    #[test]
    fn a_password_cannot_be_an_argument() {
        assert!(parse(&["user", "passwd", "alice", "gravel otter lampshade"]).is_err());
        assert!(parse(&["user", "add", "alice", "gravel otter lampshade"]).is_err());
    }
}
