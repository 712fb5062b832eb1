//! `server user …`: accounts.

use std::{error::Error, fs, io, io::Write, path::PathBuf};

use auth::{Auth, AuthError, Role, SecretString, Timestamp, USERS_PER_PAGE, User, UserSummary};
use clap::Subcommand;

use super::import::import;
use crate::http::{password_code, username_code};

/// Commands for accounts.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// List all accounts
    List,
    /// Add an account. The first line of standard input is its password
    Add {
        /// The name of the account
        name: String,
        /// Make the account an administrator
        #[arg(long)]
        admin: bool,
    },
    /// Enable a disabled account
    Enable {
        /// The name of the account
        name: String,
    },
    /// Disable an account: all its sign-ins end, and a login is refused
    Disable {
        /// The name of the account
        name: String,
    },
    /// Set the password of an account, the first line of standard input, and end all its sign-ins
    Passwd {
        /// The name of the account
        name: String,
    },
    /// End all sign-ins of an account
    Expire {
        /// The name of the account
        name: String,
    },
    /// Import the users of a Django site with their passwords, from the output of `manage.py dumpdata auth.user`
    Import {
        /// The file with the output
        file: PathBuf,
    },
}

impl UserCommand {
    /// Runs the command and writes its output. `ask_password` reads a password for the account of that name.
    ///
    /// # Errors
    /// With a message for the operator.
    pub async fn run(
        self,
        auth: &Auth,
        ask_password: impl FnOnce(&str) -> io::Result<SecretString>,
        out: &mut impl Write,
    ) -> Result<(), Box<dyn Error>> {
        match self {
            Self::List => return list(auth, out).await,
            Self::Import { file } => {
                let dump = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
                return import(auth, &dump, out).await;
            }
            Self::Add { name, admin } => {
                let role = if admin { Role::Admin } else { Role::User };
                let password = ask_password(&name)?;
                let (id, name) = auth.register_as(&name, password.expose(), role).await.map_err(rules)?;
                let name = name.as_str();
                id.ok_or_else(|| format!("the name {name} is taken"))?;
                writeln!(out, "added {name}, role {}", role.as_str())?;
            }
            Self::Enable { name } => {
                let user = existing(auth, &name).await?;
                auth.enable(&user.id).await?;
                writeln!(out, "enabled {}", user.username)?;
            }
            Self::Disable { name } => {
                let user = existing(auth, &name).await?;
                auth.disable(&user.id).await?;
                writeln!(out, "disabled {} and ended all its sign-ins", user.username)?;
            }
            Self::Passwd { name } => {
                let user = existing(auth, &name).await?;
                let password = ask_password(&user.username)?;
                auth.set_password(&user.id, password.expose()).await.map_err(rules)?;
                writeln!(out, "changed the password of {} and ended all its sign-ins", user.username)?;
            }
            Self::Expire { name } => {
                let user = existing(auth, &name).await?;
                auth.expire(&user.id).await?;
                writeln!(out, "ended all sign-ins of {}", user.username)?;
            }
        }
        Ok(())
    }
}

async fn existing(auth: &Auth, name: &str) -> Result<User, Box<dyn Error>> {
    auth.find_user(name).await?.ok_or_else(|| format!("there is no account {name:?}").into())
}

async fn list(auth: &Auth, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut after = None;
    loop {
        let page = auth.users(after.as_ref(), USERS_PER_PAGE).await?;
        for user in &page {
            writeln!(out, "{}", line(user))?;
        }
        let Some(last) = page.into_iter().last() else { return Ok(()) };
        after = Some(last.username);
    }
}

/// Fields separated by tabs, for `cut`.
fn line(user: &UserSummary) -> String {
    let day = |at: Timestamp| at.to_offset_date_time().date().to_string();
    let last_login = user.last_login_at.map_or_else(|| "never".to_owned(), day);
    let state = user.disabled_at.map_or_else(|| "enabled".to_owned(), |at| format!("disabled {}", day(at)));
    format!(
        "{}\t{}\tcreated {}\tlast login {last_login}\t{state}",
        user.username.as_str(),
        user.role.as_str(),
        day(user.created_at)
    )
}

/// The refused name and password, each with the rule that it breaks.
fn rules(error: AuthError) -> Box<dyn Error> {
    let AuthError::InvalidRegistration { username, password } = error else { return error.into() };
    let username = username.map(|problem| format!("the name: {}", username_code(problem).message()));
    let password = password.map(|problem| format!("the password: {}", password_code(problem).message()));
    [username, password].into_iter().flatten().collect::<Vec<_>>().join(" ").into()
}

#[cfg(test)]
mod tests {
    use auth::{
        on_both_databases,
        testing::{PASSWORD, World, request},
    };

    use super::*;

    /// The output of the command, or its error message.
    async fn answer(world: &World, command: UserCommand, password: &str) -> Result<String, String> {
        let mut out = Vec::new();
        let result = command.run(&world.auth, |_| Ok(SecretString::new(password.to_owned())), &mut out).await;
        result.map(|()| String::from_utf8(out).unwrap()).map_err(|error| error.to_string())
    }

    async fn can_log_in(world: &World, password: &str) -> bool {
        world.auth.login(world.modes()[0].0, "alice", password, &request(&[])).await.is_ok()
    }

    fn alice() -> String {
        "Alice".to_owned()
    }

    on_both_databases! {
        async fn an_account_is_made_listed_and_made_only_once(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let add = || UserCommand::Add { name: alice(), admin: true };
            assert_eq!(answer(&world, add(), PASSWORD).await.unwrap(), "added alice, role admin\n");
            let listed = answer(&world, UserCommand::List, "").await.unwrap();
            assert_eq!(listed, "alice\tadmin\tcreated 2027-01-15\tlast login never\tenabled\n");
            assert_eq!(answer(&world, add(), PASSWORD).await.unwrap_err(), "the name alice is taken");
        }

        async fn a_list_is_whole_however_many_there_are(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let many = USERS_PER_PAGE as usize + 1;
            for n in 0..many {
                let name = auth::Username::parse(&format!("user{n}")).unwrap();
                world.auth.import(&name, None, Role::User, true).await.unwrap();
            }
            assert_eq!(answer(&world, UserCommand::List, "").await.unwrap().lines().count(), many);
        }

        async fn an_account_is_closed_and_opened(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            world.sign_up("alice").await.unwrap();
            let said = answer(&world, UserCommand::Disable { name: alice() }, "").await.unwrap();
            assert_eq!(said, "disabled alice and ended all its sign-ins\n");
            assert!(!can_log_in(&world, PASSWORD).await);
            assert_eq!(answer(&world, UserCommand::Enable { name: alice() }, "").await.unwrap(), "enabled alice\n");
            assert!(can_log_in(&world, PASSWORD).await);
        }

        async fn an_account_is_signed_out(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            world.sign_up("alice").await.unwrap();
            let mode = world.modes()[0];
            let req = world.log_in(mode, "alice").await.unwrap();
            let said = answer(&world, UserCommand::Expire { name: alice() }, "").await.unwrap();
            assert_eq!(said, "ended all sign-ins of alice\n");
            assert!(world.auth.identify(mode.0, &req).await.is_err());
        }

        async fn an_account_gets_a_new_password(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            world.sign_up("alice").await.unwrap();
            let passwd = || UserCommand::Passwd { name: alice() };
            let said = answer(&world, passwd(), "marble lantern quietly").await.unwrap();
            assert_eq!(said, "changed the password of alice and ended all its sign-ins\n");
            assert!(can_log_in(&world, "marble lantern quietly").await);
        }

        async fn what_breaks_the_rules_is_refused_in_words_and_not_repeated(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let refused = answer(&world, UserCommand::Add { name: "a b".to_owned(), admin: false }, "hunter2").await;
            let words = refused.unwrap_err();
            assert!(words.contains("the name: Use letters") && words.contains("the password: Use at least 15"), "{words}");
            assert!(!words.contains("hunter2"), "{words}");
        }

        async fn nothing_can_be_done_to_an_account_that_does_not_exist(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            for command in [
                UserCommand::Enable { name: alice() },
                UserCommand::Disable { name: alice() },
                UserCommand::Passwd { name: alice() },
                UserCommand::Expire { name: alice() },
            ] {
                assert_eq!(answer(&world, command, PASSWORD).await.unwrap_err(), "there is no account \"Alice\"");
            }
        }
    }
}
