//! `server user import FILE`: imports the users of a Django site.

use std::{error::Error, io::Write};

use auth::{Auth, AuthError, DjangoHash, HashProblem, Role, Username, UsernameProblem};
use serde::Deserialize;
use serde_json::Value;

use crate::http::username_code;

/// A record of `dumpdata`, for any user model. It has no `Debug`, because it contains a password hash.
#[derive(Deserialize)]
struct Record {
    fields: UserFields,
}

#[derive(Deserialize)]
struct UserFields {
    username: String,
    password: String,
    is_active: bool,
    is_superuser: bool,
}

/// Why a record is refused. The message continues a line that begins with the record's number and name.
#[derive(Debug, thiserror::Error)]
enum RecordProblem {
    #[error("is not a user: {0}")]
    NoUser(serde_json::Error),
    #[error("has an invalid name: {}", username_code(*.0).message())]
    Username(UsernameProblem),
    #[error("has {0}")]
    Hash(#[from] HashProblem),
}

/// Adds an account for each valid record. A record is imported completely or not at all, and a refused record does not
/// stop the import. The import can be repeated: a taken name is skipped.
pub(super) async fn import(auth: &Auth, dump: &[u8], out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let records: Vec<Value> = serde_json::from_slice(dump)
        .map_err(|error| format!("this is not the output of `manage.py dumpdata auth.user`: {error}"))?;
    let (mut added, mut skipped, mut refused) = (0, 0, 0);
    for (number, record) in (1..).zip(records) {
        // Escape the name: control characters in a file must not reach the terminal.
        let name = match record.pointer("/fields/username").and_then(Value::as_str) {
            Some(name) => format!("{name:?}"),
            None => "?".to_owned(),
        };
        match import_record(auth, record).await? {
            Ok(true) => added += 1,
            Ok(false) => {
                skipped += 1;
                writeln!(out, "record {number}, {name}, skipped: the name is taken")?;
            }
            Err(problem) => {
                refused += 1;
                writeln!(out, "record {number}, {name}, {problem}")?;
            }
        }
    }
    writeln!(out, "added {added}, skipped {skipped}, refused {refused}")?;
    if refused == 0 { Ok(()) } else { Err(format!("{refused} of the records were refused").into()) }
}

/// `false`: the name is taken.
async fn import_record(auth: &Auth, record: Value) -> Result<Result<bool, RecordProblem>, AuthError> {
    let (username, password, fields) = match read(record) {
        Ok(read) => read,
        Err(problem) => return Ok(Err(problem)),
    };
    let role = if fields.is_superuser { Role::Admin } else { Role::User };
    let id = auth.import(&username, password.as_ref(), role, fields.is_active).await?;
    Ok(Ok(id.is_some()))
}

fn read(record: Value) -> Result<(Username, Option<DjangoHash>, UserFields), RecordProblem> {
    let Record { fields } = serde_json::from_value(record).map_err(RecordProblem::NoUser)?;
    let username = Username::parse(&fields.username).map_err(RecordProblem::Username)?;
    let password = DjangoHash::parse(&fields.password)?;
    Ok((username, password, fields))
}

#[cfg(test)]
mod tests {
    use auth::{
        on_both_databases,
        testing::{PASSWORD, World, request},
    };
    use serde_json::json;

    use super::*;

    /// Django's hash of [`PASSWORD`]: see `server/auth/src/users/password/django.rs`.
    const HASH: &str = "pbkdf2_sha256$1000$abcdefghijklmnopqrstuv$coP0Ugm0M0eYlXrpfAdqiAGE7rmagwjfQqfF2rU6Mqo=";

    /// A record as Django 5.2 writes it.
    fn record(username: &str, password: &str) -> Value {
        json!({"model": "auth.user", "pk": 1, "fields": {
            "password": password, "last_login": null, "is_superuser": false, "username": username, "first_name": "",
            "last_name": "", "email": "", "is_staff": false, "is_active": true, "date_joined": "2026-01-01T00:00:00Z",
            "groups": [], "user_permissions": []
        }})
    }

    fn with(mut record: Value, field: &str, value: bool) -> Value {
        record["fields"][field] = value.into();
        record
    }

    async fn answer(world: &World, records: &[Value]) -> (String, Result<(), String>) {
        let mut out = Vec::new();
        let dump = serde_json::to_vec(records).unwrap();
        let outcome = import(&world.auth, &dump, &mut out).await.map_err(|error| error.to_string());
        (String::from_utf8(out).unwrap(), outcome)
    }

    async fn can_log_in(world: &World, username: &str) -> bool {
        world.auth.login(world.modes()[0].0, username, PASSWORD, &request(&[])).await.is_ok()
    }

    on_both_databases! {
        async fn imported_users_sign_in_by_their_old_passwords_and_superusers_are_admins(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let root = with(record("root", HASH), "is_superuser", true);
            let (said, outcome) = answer(&world, &[record("alice", HASH), root]).await;
            assert_eq!((said.as_str(), outcome), ("added 2, skipped 0, refused 0\n", Ok(())));
            assert!(can_log_in(&world, "alice").await);
            assert_eq!(world.auth.find_user("alice").await.unwrap().unwrap().role, Role::User);
            assert_eq!(world.auth.find_user("root").await.unwrap().unwrap().role, Role::Admin);
        }

        async fn who_could_not_sign_in_there_cannot_here(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let closed = with(record("alice", HASH), "is_active", false);
            let (said, outcome) = answer(&world, &[closed, record("bob", "!0KVl2ouAM2CX7ryRqoq6z7yI")]).await;
            assert_eq!((said.as_str(), outcome), ("added 2, skipped 0, refused 0\n", Ok(())));
            assert!(!can_log_in(&world, "alice").await && !can_log_in(&world, "bob").await);
        }

        async fn one_bad_record_does_not_lose_the_others(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let bad = [
                json!("no record"),
                json!({"model": "auth.group", "pk": 1, "fields": {"name": "editors"}}),
                record("bob \u{1b}[2J", HASH),
                record("carol", "md5$salt$hash"),
                record("dora", &HASH.replace("$1000$", "$4000000000$")),
            ];
            let (said, outcome) = answer(&world, &[&bad[..], &[record("alice", HASH)]].concat()).await;
            let lines: Vec<_> = said.lines().collect();
            assert!(lines[0].starts_with("record 1, ?, is not a user: "), "{said}");
            assert!(lines[1].starts_with("record 2, ?, is not a user: missing field"), "{said}");
            assert_eq!(lines[2], "record 3, \"bob \\u{1b}[2J\", has an invalid name: Use letters, digits and the signs . _ - @ +, without spaces.");
            assert_eq!(lines[3], "record 4, \"carol\", has no password hash of a kind that can be checked here");
            assert_eq!(lines[4], "record 5, \"dora\", has a password hash that costs more to check than a login may");
            assert_eq!(lines[5..], ["added 1, skipped 0, refused 5"]);
            assert_eq!(outcome, Err("5 of the records were refused".to_owned()));
            assert!(can_log_in(&world, "alice").await);
        }

        async fn a_second_import_skips_what_is_there(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            answer(&world, &[record("alice", HASH)]).await.1.unwrap();
            let (said, outcome) = answer(&world, &[record("ALICE", HASH), record("bob", HASH)]).await;
            let lines: Vec<_> = said.lines().collect();
            assert_eq!(lines, ["record 1, \"ALICE\", skipped: the name is taken", "added 1, skipped 1, refused 0"]);
            assert_eq!(outcome, Ok(()));
        }

        async fn another_file_is_refused(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let refused = import(&world.auth, b"username,password\n", &mut Vec::new()).await.unwrap_err();
            assert!(refused.to_string().starts_with("this is not the output of `manage.py dumpdata auth.user`"), "{refused}");
        }
    }
}
