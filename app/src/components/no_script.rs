use leptos::prelude::*;

use crate::locale::tr;

/// A text for browsers without JavaScript, which says why something needs it.
///
/// As `inner_html`, because a browser with scripts parses the content of `<noscript>` as one text node: hydration would
/// look for elements and fail. The text is a constant and never contains user input.
#[component]
pub(crate) fn NoScript(text: &'static str) -> impl IntoView {
    view! { <noscript inner_html=format!("<p class=\"no-script\">{text}</p>")></noscript> }
}

/// The placeholder for a bearer mode until a script has asked the server, or the reason why it needs JavaScript.
#[component]
pub(crate) fn BearerPlaceholder(
    /// The text without JavaScript.
    #[prop(default = tr(
        "This mode needs JavaScript: only a script can store its token and send it.",
        "이 방식에는 JavaScript가 필요합니다. 토큰은 스크립트만 저장하고 보낼 수 있습니다.",
    ))]
    why_script: &'static str,
    /// Whether the rest of the page depends on the answer, so that the app must not wait for an interaction.
    #[prop(default = true)]
    needs_app: bool,
) -> impl IntoView {
    let text = if needs_app {
        tr("Checking whether you are signed in…", "로그인 여부를 확인하는 중입니다…")
    } else {
        tr("Signed out", "로그아웃됨")
    };
    view! {
        <p class="scripted text-muted" data-needs-app=needs_app>{text}</p>
        <NoScript text=why_script />
    }
}
