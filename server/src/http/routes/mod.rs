//! The handlers, one file for each group of paths. Files here do not import each other.

pub mod account;
pub mod admin;
pub mod credentials;
pub mod health;
pub mod oauth;
pub mod sign_in;
pub mod simplejwt; // mode: jwt
