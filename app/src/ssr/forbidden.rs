use leptos::prelude::*;

use super::document::{Heading, document};
use crate::{Locale, locale::tr};

/// The document for a user without permission. The page guard returns it instead of the page.
#[must_use]
pub fn forbidden(options: &LeptosOptions, locale: Locale) -> String {
    document(options, locale, Heading { title: || tr("Not allowed", "권한 없음"), path: None }, || {
        view! {
            <p class="mt-4 text-lg text-muted text-pretty">
                {tr(
                    "This page is for administrators. Your account does not have the role admin.",
                    "이 페이지는 관리자용입니다. 이 계정에는 admin 역할이 없습니다.",
                )}
            </p>
            <p class="mt-8">
                <a class="button" href="/">{tr("Home page", "홈 페이지")}</a>
            </p>
        }
        .into_any()
    })
}
