//! Changes of an account, one statement each. All but one raise the epoch, which ends every sign-in of the account.

use super::UserId;
use crate::{
    clock::Timestamp,
    db::{Tx, tx_fetch_optional},
    error::AuthError,
    sign_in::EndReason,
};

/// The next epoch at the time `$2`: that time, or the current epoch plus one if the clock is not ahead of it. `$3` is
/// the reason, which the answer to a credential of the previous epoch contains.
macro_rules! next_epoch {
    () => {
        "epoch = case when epoch < $2 then $2 else epoch + 1 end, epoch_before = epoch, epoch_reason = $3"
    };
}
const END_EVERYTHING: &str = concat!("update users set ", next_epoch!(), " where id = $1 returning epoch");
const END_OTHERS: &str = concat!(
    "update users set ",
    next_epoch!(),
    " where id = $1 and epoch = $4 and disabled_at is null returning epoch"
);
const REPLACE_PASSWORD: &str = concat!(
    "update users set password_hash = $5, password_changed_at = $2, ",
    next_epoch!(),
    " where id = $1 and epoch = $4 and disabled_at is null returning epoch"
);
const SET_PASSWORD: &str = concat!(
    "update users set password_hash = $4, password_changed_at = $2, ",
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
    /// Raises the epoch only, for this reason.
    EndEverything(EndReason),
    /// Raises the epoch only, if it still has this value.
    EndOthers { epoch: i64 },
    /// Stores the hash of a new password, if the epoch still has this value.
    ReplacePassword { epoch: i64, hash: String },
    /// Stores the hash of a new password.
    SetPassword { hash: String },
    /// Disables the account.
    Disable,
    /// Enables the account. The epoch stays as it is, because disabling has raised it.
    Enable,
}

impl Change {
    /// Applies the change and returns the account's epoch. `None`: the account does not exist, or its epoch is not the
    /// expected one.
    pub(crate) async fn apply(&self, tx: &mut Tx, id: &UserId, now: Timestamp) -> Result<Option<i64>, AuthError> {
        let reason = self.end_reason().map(EndReason::as_str);
        let epoch: Option<(i64,)> = match self {
            Self::EndEverything(_) => tx_fetch_optional!(tx, END_EVERYTHING, id, now, reason),
            Self::EndOthers { epoch } => tx_fetch_optional!(tx, END_OTHERS, id, now, reason, *epoch),
            Self::ReplacePassword { epoch, hash } => {
                tx_fetch_optional!(tx, REPLACE_PASSWORD, id, now, reason, *epoch, hash)
            }
            Self::SetPassword { hash } => tx_fetch_optional!(tx, SET_PASSWORD, id, now, reason, hash),
            Self::Disable => tx_fetch_optional!(tx, DISABLE, id, now, reason),
            Self::Enable => tx_fetch_optional!(tx, ENABLE, id),
        };
        Ok(epoch.map(|(epoch,)| epoch))
    }

    /// Why the sign-ins of the previous epoch end. `None`: the epoch stays.
    fn end_reason(&self) -> Option<EndReason> {
        match self {
            Self::EndEverything(reason) => Some(*reason),
            Self::EndOthers { .. } => Some(EndReason::EndedWithOthers),
            Self::ReplacePassword { .. } => Some(EndReason::PasswordChanged),
            Self::SetPassword { .. } => Some(EndReason::PasswordSet),
            Self::Disable => Some(EndReason::AccountDisabled),
            Self::Enable => None,
        }
    }
}
