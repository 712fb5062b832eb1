//! Extractors: the arguments of handlers, read from a request.

mod body;
pub mod client_address;
mod current_user;
mod mode_request;
mod path;
mod request;

pub use self::{
    client_address::TrustedProxies,
    current_user::{CurrentUser, ModeOfPath},
    mode_request::{AccountRequest, Act, BeginSignIn, ModeRequest, RenewOrEnd, recognised_mode},
    path::{Path, Query},
    request::ApiRequest,
};
