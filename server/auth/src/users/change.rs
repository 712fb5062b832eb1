//! Changes of an account, one statement each. All but one raise its epoch, which ends everything that it is signed in by.

use super::UserId;
use crate::{
    clock::Timestamp,
    db::{Tx, tx_fetch_optional},
    error::AuthError,
};

/// The next epoch at the time `$2`: that time, or one more than before if the clock has not moved since.
macro_rules! next_epoch {
    () => {
        "epoch = case when epoch < $2 then $2 else epoch + 1 end"
    };
}
const END_EVERYTHING: &str = concat!("update users set ", next_epoch!(), " where id = $1 returning epoch");
const END_OTHERS: &str = concat!(
    "update users set ",
    next_epoch!(),
    " where id = $1 and epoch = $3 and disabled_at is null returning epoch"
);
const REPLACE_PASSWORD: &str = concat!(
    "update users set password_hash = $4, password_changed_at = $2, ",
    next_epoch!(),
    " where id = $1 and epoch = $3 and disabled_at is null returning epoch"
);
const SET_PASSWORD: &str = concat!(
    "update users set password_hash = $3, password_changed_at = $2, ",
    next_epoch!(),
    " where id = $1 returning epoch"
);
const DISABLE: &str = concat!(
    "update users set disabled_at = coalesce(disabled_at, $2), ",
    next_epoch!(),
    " where id = $1 returning epoch"
);
const ENABLE: &str = "update users set disabled_at = null where id = $1 returning epoch";
/// A change of an account.
pub(crate) enum Change {
    /// Raises the epoch and nothing else.
    EndEverything,
    /// The same, if the epoch is still this one.
    EndOthers { epoch: i64 },
    /// Stores the hash of a new password, if the epoch is still this one.
    ReplacePassword { epoch: i64, hash: String },
    /// Stores the hash of a new password.
    SetPassword { hash: String },
    /// Closes the account.
    Disable,
    /// Opens a closed account, and leaves its epoch as it is: it was raised when the account was closed.
    Enable,
}

impl Change {
    /// Changes an account and answers its epoch. `None`: there is no such account, or its epoch is not the expected one.
    pub(crate) async fn apply(&self, tx: &mut Tx, id: &UserId, now: Timestamp) -> Result<Option<i64>, AuthError> {
        let epoch: Option<(i64,)> = match self {
            Self::EndEverything => tx_fetch_optional!(tx, END_EVERYTHING, id, now),
            Self::EndOthers { epoch } => tx_fetch_optional!(tx, END_OTHERS, id, now, *epoch),
            Self::ReplacePassword { epoch, hash } => tx_fetch_optional!(tx, REPLACE_PASSWORD, id, now, *epoch, hash),
            Self::SetPassword { hash } => tx_fetch_optional!(tx, SET_PASSWORD, id, now, hash),
            Self::Disable => tx_fetch_optional!(tx, DISABLE, id, now),
            Self::Enable => tx_fetch_optional!(tx, ENABLE, id),
        };
        Ok(epoch.map(|(epoch,)| epoch))
    }
}
