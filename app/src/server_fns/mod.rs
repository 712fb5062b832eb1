//! Requests of a page to the server while it is rendered. They only read: changes go through the JSON API, which has
//! the only CSRF check.

mod activity;
mod all_activity;
mod api_docs;
mod cookie_sign_ins;
mod credentials;
mod modes;
mod users;

pub use activity::{Activity, activity};
pub use all_activity::{AllActivity, all_activity};
pub use api_docs::{ApiDocs, api_docs};
pub use cookie_sign_ins::{CookieSignIns, cookie_sign_ins};
pub use credentials::{Credentials, credentials};
pub use modes::{Modes, modes};
pub use users::{Users, users};
