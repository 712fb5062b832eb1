//! Pages that show several modes at once. A fork that keeps one mode deletes this folder.

mod guide;
mod home;
// Rendered on the server alone: no script runs on its page, so the browser needs no code for it.
#[cfg(feature = "ssr")]
pub mod lab;
mod login_all;
mod mode_card;
mod rotation;
mod rotation_chain;
mod rotation_replay;
mod rotation_verdict;

pub(crate) use home::Home;
pub(crate) use rotation::Rotation;
