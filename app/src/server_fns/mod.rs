//! What a page asks the server for while it is rendered. Reads only: whatever changes something goes through the JSON API,
//! where the one CSRF check stands.

mod cookie_sign_ins;
mod modes;

pub use cookie_sign_ins::{CookieSignIns, cookie_sign_ins};
pub use modes::{Modes, modes};
