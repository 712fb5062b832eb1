//! Two demo accounts with public passwords. [`crate::Config`] refuses `DEMO_USERS` in production and on addresses that
//! others can reach, and [`refuse_demo_users`] refuses a database that still has them.

use auth::{Auth, AuthError, Role};

const USERS: [(&str, Role, &str); 2] =
    [("alice", Role::User, "gravel otter lampshade"), ("root", Role::Admin, "marble lantern quietly")];

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum DemoUsersError {
    /// These accounts have their public passwords.
    #[error(
        "this database has demo users with public passwords: {}. Change each password (server user passwd NAME) or disable \
         the account (server user disable NAME); or set DATABASE_URL to another database",
        .0.join(", ")
    )]
    Left(Vec<&'static str>),
    /// The lookup failed.
    #[error(transparent)]
    Auth(#[from] AuthError),
}

/// Creates the accounts that do not exist yet. Returns a line for each, with its password.
///
/// # Errors
/// As registration.
pub async fn seed_demo_users(auth: &Auth) -> Result<Vec<String>, AuthError> {
    let mut lines = Vec::new();
    for (username, role, password) in USERS {
        auth.register_as(username, password, role).await?;
        let role = match role {
            Role::User => "user",
            Role::Admin => "admin",
        };
        lines.push(format!("demo user {username} ({role}), password: {password}"));
    }
    Ok(lines)
}

/// Fails if an account has its public password. The check verifies the password hash. A marker in the database could be
/// wrong: it would miss a changed password, and a database that was copied by hand.
///
/// # Errors
/// [`DemoUsersError`]
pub async fn refuse_demo_users(auth: &Auth) -> Result<(), DemoUsersError> {
    let mut left = Vec::new();
    for (username, _, password) in USERS {
        if auth.has_password(username, password).await? {
            left.push(username);
        }
    }
    if left.is_empty() { Ok(()) } else { Err(DemoUsersError::Left(left)) }
}

#[cfg(test)]
mod tests {
    use auth::{on_both_databases, testing::World};

    use super::*;

    on_both_databases! {
        async fn a_database_with_demo_users_is_refused_by_their_names(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            refuse_demo_users(&world.auth).await.unwrap();
            seed_demo_users(&world.auth).await.unwrap();
            let refused = refuse_demo_users(&world.auth).await.unwrap_err().to_string();
            assert!(refused.contains("alice, root"), "{refused}");
            assert!(USERS.iter().all(|(_, _, password)| !refused.contains(password)), "{refused}");
        }

        async fn a_changed_password_or_a_disabled_account_is_no_demo_user(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let auth = &world.auth;
            seed_demo_users(auth).await.unwrap();
            let (alice, root) = (auth.find_user("alice").await.unwrap(), auth.find_user("root").await.unwrap());
            auth.set_password(&root.unwrap().id, "a passphrase of my own").await.unwrap();
            assert!(refuse_demo_users(auth).await.unwrap_err().to_string().contains("passwords: alice."));
            auth.disable(&alice.unwrap().id).await.unwrap();
            refuse_demo_users(auth).await.unwrap();
        }
    }
}
