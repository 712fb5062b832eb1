//! Stubs for the server: nothing is stored, no message arrives, every call fails.

use std::future::{Ready, ready};

use crate::error::{AppError, ErrorCode};

use super::Member; // mode: jwt
use super::{Answer, Area};

pub(crate) fn fetch(
    _method: &str,
    _path: &str,
    _headers: Vec<(&'static str, String)>,
    _body: Option<String>,
    _timeout: u32,
) -> Ready<Result<Answer, AppError>> {
    ready(Err(AppError::new(ErrorCode::Unreachable)))
}

pub(crate) struct Lock {
    held: bool,
}

impl Lock {
    pub(crate) fn is_held(&self) -> bool {
        self.held
    }
}

pub(crate) fn lock(_name: &str) -> Ready<Lock> {
    ready(Lock { held: false })
}

pub(crate) fn pause(_milliseconds: u32) -> Ready<()> {
    ready(())
}

pub(crate) fn random<const N: usize>() -> Option<[u8; N]> {
    None
}

pub(crate) fn now() -> i64 {
    0
}

// part: comparison, begin
pub(crate) fn was_reloaded() -> bool {
    false
}

pub(crate) fn on_stored_elsewhere(_handle: impl Fn() + 'static) {}
// part: comparison, end

pub(crate) fn stored(_: Area, _key: &str) -> Option<String> {
    None
}

pub(crate) fn store(_: Area, _key: &str, _value: &str) {}

pub(crate) fn remove(_: Area, _key: &str) {}

pub(crate) fn send_to_tabs(_message: &str) -> bool {
    false
}

pub(crate) fn on_tab_message(_handle: impl Fn(String) + 'static) {}

pub(crate) fn on_page_restored(_handle: impl Fn() + 'static) {}

// mode: jwt, begin
pub(crate) fn json_members(_text: &str) -> Option<Vec<Member>> {
    None
}
// mode: jwt, end
