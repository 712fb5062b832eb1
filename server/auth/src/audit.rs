//! What happened, as structured log lines: who, what, which mode, with what outcome. Never a credential, never a password,
//! and no name that somebody merely typed, which is now and then a password.

use crate::{error::AuthError, mode::ModeId, user::UserId};

/// What was attempted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// An account was created.
    Register,
    /// A password was checked.
    Login,
    /// A credential was replaced by its successor.
    Rotate,
    /// One credential was ended.
    Logout,
    /// All of one mode.
    LogoutAll,
    /// All of all modes.
    LogoutEverywhere,
}

/// Records how it came out.
pub(crate) fn record<T>(action: Action, mode: Option<ModeId>, user: Option<&UserId>, outcome: &Result<T, AuthError>) {
    let mode = mode.map_or("-", |mode| mode.0);
    let user = user.map_or("-", UserId::as_str);
    match outcome {
        Ok(_) => tracing::info!(target: "audit", ?action, mode, user, outcome = "ok"),
        Err(error) => tracing::warn!(target: "audit", ?action, mode, user, outcome = %error),
    }
}
