//! The lab: the modes measured and attacked in sandboxes, away from the accounts of this server.
//!
//! Setting `LAB` turns it on. Without it, nothing here runs: no route, no recorder, no clock that moves.

mod ask;
mod attacks;
mod claims;
mod client;
mod column;
mod experiments;
mod har;
mod mask;
mod policies;
mod race;
mod routes;
mod rows;
mod sandbox;
mod sandboxes;
mod strategies;
mod studies;
mod study;
pub mod timing;
mod work;

pub use experiments::Lab;
pub use routes::router;
