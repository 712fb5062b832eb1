use leptos::prelude::*;

use crate::{components::Page, locale::tr};

/// Also sets the status 404, for crawlers and monitors.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::ssr::not_found();
    view! {
        <Page
            title=tr("Page not found", "페이지를 찾을 수 없음")
            lead=tr(
                "This address does not exist, or it names a mode that does not exist.",
                "이 주소가 없거나, 주소에 있는 방식이 없습니다.",
            )
        >
            <p class="mt-8">
                <a class="button" href="/">{tr("Home page", "홈 페이지")}</a>
            </p>
        </Page>
    }
}
