//! Everything that shows several modes at once. `scripts/keep-mode.sh` deletes this folder, except the card of a mode.

mod guide;
mod home;
// Rendered on the server alone: no script runs on its page, so the browser needs no code for it.
#[cfg(feature = "ssr")]
pub mod lab;
mod login_all;
mod logout_everywhere;
mod mode_card;
mod rotation;
mod rotation_chain;
mod rotation_replay;
mod rotation_verdict;

pub(crate) use home::Home;
pub(crate) use logout_everywhere::{LogOutEverywhere, everywhere};
pub(crate) use rotation::Rotation;
