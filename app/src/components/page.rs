use leptos::{html, prelude::*};
use leptos_meta::Title;

use super::{Announcement, Hydrated};

/// The frame of a page: its title as document title and only `h1`, a lead, the live region, and the content.
#[component]
pub(crate) fn Page(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] lead: String,
    /// The first message of the live region.
    #[prop(optional_no_strip)]
    message: Option<String>,
    children: Children,
) -> impl IntoView {
    let announcement = Announcement::provide(message);
    let heading = NodeRef::<html::H1>::new();
    // After a page load, a screen reader starts at the top. After a navigation inside the app, focus the heading
    // instead.
    let navigated = expect_context::<Hydrated>().get_untracked();
    Effect::new(move || {
        if let Some(heading) = heading.get().filter(|_| navigated) {
            // Fails only if the element cannot be focused. The focus then stays where it is.
            _ = heading.focus();
        }
    });
    // leptos_meta reads the title once more during the change to the next page, when this page's signals are disposed.
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
