//! What handlers read from a request.

mod body;
mod call;
pub mod client_address;
mod current_user;
mod entitled;
mod path;

pub use self::{
    call::Call,
    client_address::TrustedProxies,
    current_user::{CurrentUser, ModeOfPath},
    entitled::{entitling_mode, guarded, recognised_mode},
    path::{Path, Query},
};
