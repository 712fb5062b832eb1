//! One file for each group of paths: its `router()` and its handlers. These files do not import each other.

pub mod account;
pub mod admin;
pub mod api_document;
pub mod credentials;
pub mod health;
pub mod locale;
pub mod modes;
pub mod oauth;
pub mod pages;
pub mod replaced;
pub mod sign_in;
pub mod simplejwt; // mode: jwt
