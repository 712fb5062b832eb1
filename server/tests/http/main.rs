//! The HTTP contract, tested through the router without a socket. No test names a mode: each walks the list of modes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod anything;
mod carried_along;
mod client;
mod connections;
mod cors;
mod cors_simplejwt; // mode: jwt
mod csrf;
mod forms;
mod hostile;
mod interop; // mode: jwt
mod lab; // part: comparison
mod logout;
mod logs;
mod mode_routes;
mod oauth;
mod oauth_clients;
mod openapi;
mod pages;
mod registration;
mod replaced;
mod reseal;
mod simplejwt; // mode: jwt
mod system;
mod throttle;
