//! The components that several pages share.

mod after_logout;
mod button;
mod ends;
mod field;
mod frame;
mod header;
mod hydrated;
mod instant;
mod key_icon;
mod layout;
mod listing;
mod locale_switch;
mod lost_sign_in;
mod mode_buttons;
mod mode_region;
mod mode_tabs; // part: comparison
mod no_script;
mod page;
mod password_field;
mod protected;
mod revocation;
mod sign_in_status;
mod sign_in_summary;
mod table;
mod task;

pub(crate) use after_logout::AfterLogout;
pub(crate) use button::{ApiButton, SubmitButton};
pub(crate) use ends::{Ends, access_token_until, ends_at_the_latest, ends_if_not_used};
pub(crate) use field::{Field, TextField};
#[cfg(feature = "ssr")]
pub(crate) use frame::Footer;
pub(crate) use frame::Frame;
#[cfg(feature = "ssr")]
pub(crate) use header::links;
pub(crate) use hydrated::Hydrated;
pub(crate) use instant::{Instant, Remaining};
pub(crate) use key_icon::KeyIcon;
pub(crate) use layout::{Layout, RenderedList};
pub(crate) use listing::{Listed, Listing};
#[cfg(feature = "ssr")]
pub(crate) use locale_switch::LocaleForm; // for the documents that the server alone renders
use locale_switch::LocaleSwitch;
pub(crate) use lost_sign_in::lost_sign_in;
pub(crate) use mode_buttons::log_in_with; // part: comparison
pub(crate) use mode_buttons::{LogOutButton, RotateButton};
pub(crate) use mode_region::{ModeRegion, ModeState};
pub(crate) use mode_tabs::ModeTabs; // part: comparison
pub(crate) use no_script::{BearerPlaceholder, NoScript};
pub(crate) use page::{Announcement, Page};
pub(crate) use password_field::{AccountOfForm, PasswordField, new_password};
pub(crate) use protected::Protected;
pub(crate) use revocation::{copies, ended_message, logged_out_of, logout_message, revocation_of_form, signature_only};
pub(crate) use sign_in_status::{SignInStatus, signed_in_user};
pub(crate) use sign_in_summary::SignInSummary; // part: comparison
pub(crate) use table::{Cell, Columns, Paging};
pub(crate) use task::{ErrorNote, Task};
