//! Two accounts to try things with. Their passwords are public: [`crate::Config`] refuses them in production and off
//! loopback.

use auth::{Auth, AuthError, Role};

const USERS: [(&str, Role, &str); 2] =
    [("alice", Role::User, "gravel otter lampshade"), ("root", Role::Admin, "marble lantern quietly")];

/// Makes the accounts that are not there yet, and gives the lines that tell how to use them.
///
/// # Errors
/// Whatever registration says.
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
