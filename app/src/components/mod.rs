//! The components that several pages share.

mod button;
mod field;
mod header;
mod hydrated;
mod instant;
mod key_icon;
mod layout;
mod listing;
mod mode_buttons;
mod mode_region;
mod no_script;
mod page;
mod password_field;
mod protected;
mod revocation;
mod sign_in_status;
mod table;
mod task;

pub(crate) use button::{ApiButton, SubmitButton};
pub(crate) use field::{Field, TextField};
pub(crate) use header::{Footer, Header};
pub(crate) use hydrated::Hydrated;
pub(crate) use instant::{Instant, Remaining};
pub(crate) use key_icon::KeyIcon;
pub(crate) use layout::{Layout, RenderedList};
pub(crate) use listing::{Listed, Listing};
pub(crate) use mode_buttons::{LogOutButton, RotateButton, Scope};
pub(crate) use mode_region::{ModeRegion, ModeState};
pub(crate) use no_script::{BearerPlaceholder, NoScript};
pub(crate) use page::{Announcement, Page};
pub(crate) use password_field::{AccountOfForm, NEW_PASSWORD, PasswordField};
pub(crate) use protected::Protected;
pub(crate) use revocation::{SIGNATURE_ONLY, ended_message, logout_message, revocation_of_form};
pub(crate) use sign_in_status::{SignInStatus, signed_in_user};
pub(crate) use table::{Cell, Columns, Paging};
pub(crate) use task::{ErrorNote, Task};
