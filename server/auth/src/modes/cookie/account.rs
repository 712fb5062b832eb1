//! The read of the access check: the account and both of its epochs.

use crate::{
    db::lookup::{ByKey, Keyed, by_key},
    users::{User, user_columns},
};

pub(super) const ACCOUNT: ByKey = by_key!(
    ACCOUNT,
    "select ",
    user_columns!(),
    ", coalesce(c.epoch, 0) as cookie_epoch from users u left join cookie_epochs c on c.user_id = u.id where u.id",
);

/// The account and the epoch of its sealed cookies.
#[derive(Clone, sqlx::FromRow)]
pub(super) struct Account {
    #[sqlx(flatten)]
    pub user: User,
    pub cookie_epoch: i64,
}

impl Keyed for Account {
    fn key(&self) -> &str {
        self.user.id.as_str()
    }
}
