//! The scripts of a page: when its browser loads and hydrates the app.

use std::sync::LazyLock;

use http::header;
use leptos::{nonce::use_nonce, prelude::*};

/// Without its comments, which would be a third of its bytes in every page.
static ON_DEMAND: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("on_demand.js").lines().map(str::trim);
    lines.filter(|line| !line.starts_with("//")).flat_map(|line| [line, "\n"]).collect()
});

/// The app starts as soon as the browser is idle. In a browser that sent no cookie, it waits for the first user
/// interaction: the page shows no user, and its links and forms work without scripts. An element that needs the app has
/// the attribute `data-needs-app`, and the app of its page does not wait.
pub(crate) fn scripts(options: LeptosOptions) -> AnyView {
    let app = view! { <HydrationScripts options defer=true /> };
    if has_cookies() {
        return app.into_any();
    }
    view! {
        <template id="app-scripts">{app}</template>
        <script nonce=use_nonce()>{ON_DEMAND.as_str()}</script>
    }
    .into_any()
}

fn has_cookies() -> bool {
    super::request().is_ok_and(|request| request.headers.contains_key(header::COOKIE))
}
