use leptos::{html, prelude::*};

use super::Hydrated;

/// The one sentence of a page that says what an action did. There is one live region per page, so that a screen reader
/// hears each change once.
#[derive(Clone, Copy)]
pub(crate) struct Announcement {
    sentence: RwSignal<Option<String>>,
    place: NodeRef<html::P>,
}

impl Announcement {
    /// Puts it into the context of a page. `first` is what a form without JavaScript came back with.
    pub(crate) fn provide(first: Option<String>) -> Self {
        let this = Self { sentence: RwSignal::new(first), place: NodeRef::new() };
        provide_context(this);
        this
    }

    /// Replaces the sentence. The page may be gone when an answer arrives; then nobody needs to hear it.
    pub(crate) fn say(self, sentence: impl Into<String>) {
        _ = self.sentence.try_set(Some(sentence.into()));
        request_animation_frame(move || self.catch_focus());
    }

    /// Logging out removes the button that was pressed, and a browser then sends the keyboard back to the top of the page.
    fn catch_focus(self) {
        let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
        if let Some(Some(place)) = self.place.try_get_untracked().filter(|_| lost) {
            // Fails for an element that cannot be focused; then all stays as it is.
            _ = place.focus();
        }
    }

    /// The live region. It is in the document from the start, as assistive technology watches only what it has seen.
    pub(crate) fn view(self) -> impl IntoView {
        let hydrated = expect_context::<Hydrated>();
        let shown = move || self.sentence.with(Option::is_some);
        view! {
            <div class="announcement" data-shown=move || shown().to_string()>
                <p role="status" tabindex="-1" class="grow" node_ref=self.place>
                    {move || self.sentence.get()}
                </p>
                <Show when=move || hydrated.get() && shown()>
                    <button
                        type="button"
                        class="dismiss"
                        aria-label="Dismiss"
                        on:click=move |_| self.sentence.set(None)
                    >
                        <span aria-hidden="true">"×"</span>
                    </button>
                </Show>
            </div>
        }
    }
}
