//! What a caller can ask: one file for each thing. Each file adds its methods to [`crate::Auth`].

pub mod admin;
mod demo_check;
pub mod devices;
pub mod login;
pub mod logout;
pub mod oauth_clients;
pub mod register;
pub mod tokens;
