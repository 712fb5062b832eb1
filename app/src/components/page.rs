use leptos::{html, prelude::*};
use leptos_meta::Title;

use super::{Announcement, Hydrated};

/// A page: its title in the tab and as the only `h1`, a sentence on what it is for, the live region, and the rest.
#[component]
pub(crate) fn Page(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] lead: String,
    /// What the live region says at first.
    #[prop(optional_no_strip)]
    said: Option<String>,
    children: Children,
) -> impl IntoView {
    let announcement = Announcement::provide(said);
    let heading = NodeRef::<html::H1>::new();
    // A page that the browser loads is read out from its top. For one that the app puts in place, the app has to do it.
    let navigated = expect_context::<Hydrated>().get_untracked();
    Effect::new(move || {
        if let Some(heading) = heading.get().filter(|_| navigated) {
            // Fails for an element that cannot be focused; then all stays as it is.
            _ = heading.focus();
        }
    });
    // leptos_meta asks once more while the next page takes over, when this one's signals are gone.
    view! {
        <Title text=move || title.try_get().unwrap_or_default() />
        <header class="max-w-3xl">
            <h1
                class="text-4xl font-semibold tracking-tight text-balance sm:text-5xl"
                tabindex="-1"
                node_ref=heading
            >
                {move || title.get()}
            </h1>
            {(!lead.is_empty()).then(|| view! { <p class="mt-4 text-lg text-muted text-pretty">{lead}</p> })}
        </header>
        {announcement.view()}
        {children()}
    }
}
