//! What the clones of [`crate::Auth`] share.

use std::sync::{Arc, atomic::AtomicU16};

use tokio_util::task::TaskTracker;

use crate::{
    audit::Repeated,
    base::{Base, ReplacedCredential},
    clock::Clock,
    mode::AuthMode,
    oauth_clients::OauthClients,
    throttle::Throttle,
    users::password::Hasher,
};

/// What the clones of [`crate::Auth`] share. Its fields are private to this crate.
pub struct State {
    pub(crate) base: Base,
    pub(crate) clock: Clock,
    pub(crate) hasher: Hasher,
    /// Setting `UPDATE_LAST_LOGIN`: each login writes its date to the account.
    pub(crate) update_last_login: bool,
    pub(crate) sign_in_limit: i64,
    pub(crate) replaced_credential: ReplacedCredential,
    pub(crate) throttle: Throttle,
    pub(crate) modes: Vec<Arc<dyn AuthMode>>,
    pub(crate) oauth_clients: OauthClients,
    /// Orders the ids that are generated within one second.
    pub(crate) sequence: AtomicU16,
    /// Events that were recorded recently: see [`crate::audit`].
    pub(crate) repeated: Repeated,
    /// Running transactions.
    pub(crate) tasks: TaskTracker,
}
