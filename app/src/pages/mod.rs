//! One page per file.

mod home;
mod login;
mod logout;
mod me;
mod me_index;
mod not_found;
mod register;
mod rotation;

pub(crate) use home::Home;
pub(crate) use login::Login;
pub(crate) use logout::Logout;
pub(crate) use me::Me;
pub(crate) use me_index::MeIndex;
pub(crate) use not_found::NotFound;
pub(crate) use register::Register;
pub(crate) use rotation::Rotation;
