//! The browser's side of signing in: the state that the pages read, and the actions that change it.
//!
//! `state` holds one entry per mode. `actions` and `account_actions` are what a user does; `authorised` sends a call
//! with the credential; `transitions` are the changes of the state. `renewal` and `background` run without the user.
//! `inspect` and `logged_out` are for the pages that explain: what a page may show of a credential, and what a logout
//! has ended.

mod account_actions;
mod actions;
mod answer;
pub(crate) mod api;
mod authorised;
mod background;
mod browser;
pub(crate) mod clock;
mod everywhere; // part: comparison
mod inspect;
mod logged_out;
mod refresh;
mod renewal;
mod replay; // part: comparison
mod state;
mod steps; // part: comparison
mod storage;
mod tabs;
mod tokens;
mod transitions;

pub(crate) use browser::{Member, json_members}; // mode: jwt
pub(crate) use logged_out::{LoggedOut, OldToken, Scope};
pub(crate) use replay::{Afterwards, Replayed}; // part: comparison
pub(crate) use state::{SignIn, SignIns, not_known};
pub(crate) use steps::Step; // part: comparison
pub(crate) use storage::TokenStore;
pub(crate) use tokens::Token;
