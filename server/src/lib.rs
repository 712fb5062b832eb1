//! The server: HTTP around [`auth`], and the rendered [`app`].
//!
//! [`router`] is the whole application without a socket, so that a test can call it. [`Cli`] is the command line.

mod cli;
mod config;
mod demo;
mod http;
mod lab; // part: comparison
mod origin;
mod pruning;
mod serve;
mod state;

pub use cli::{Cli, Command, KeysCommand, UserCommand, ask_password};
pub use config::{Config, ConfigError, Environment};
pub use demo::{DemoUsersError, refuse_demo_users, seed_demo_users};
pub use http::{AllowedOrigins, TrustedProxies, router};
pub use lab::Lab; // part: comparison
pub use origin::Origin;
pub use pruning::run as prune_in_background;
pub use serve::{Limits, Shutdown, serve};
pub use state::ServerParts;
