//! The HTTP contract through the router, without a socket. No mode is named here: every test walks the list.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod anything;
mod client;
mod connections;
mod cors;
mod cors_simplejwt; // mode: jwt
mod csrf;
mod forms;
mod hostile;
mod interop; // mode: jwt
mod mode_routes;
mod oauth_clients;
mod openapi;
mod pages;
mod registration;
mod simplejwt; // mode: jwt
mod system;
mod throttle;
