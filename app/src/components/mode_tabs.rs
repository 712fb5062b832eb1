// part: comparison
use leptos::prelude::*;

use crate::{client::SignIns, locale::tr, types::ModeId};

use super::SignInStatus;

/// Links to the same page of each mode, with the state of its sign-in.
#[component]
pub(crate) fn ModeTabs(
    /// The mode of this page.
    current: ModeId,
    /// The path of such a page, as `/me/{mode}`.
    path: &'static str,
) -> impl IntoView {
    let link = move |(id, name): (ModeId, String)| {
        let status = SignInStatus::of(&id);
        let state = move || match status.get() {
            SignInStatus::Unknown => "",
            SignInStatus::SignedOut => tr(" (signed out)", " (로그아웃됨)"),
            SignInStatus::SignedIn => tr(" (signed in)", " (로그인됨)"),
        };
        view! {
            <a
                class="tab"
                href=path.replace("{mode}", &id.0)
                aria-current=(id == current).then_some("page")
                data-state=move || status.get().as_str()
            >
                {name}
                <span class="sr-only">{state}</span>
            </a>
        }
    };
    let modes = expect_context::<SignIns>().modes();
    let links = modes.into_iter().map(|info| link((info.id, info.name))).collect_view();
    view! {
        <nav aria-label=tr("Mode", "방식") class="tabs">{links}</nav>
        // Explains the signs of the links. A screen reader reads the state in each link.
        <p class="hint mt-2" aria-hidden="true">{tr("✓ signed in · – signed out · … not known", "✓ 로그인됨 · – 로그아웃됨 · … 알 수 없음")}</p>
    }
}
