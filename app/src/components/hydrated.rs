use leptos::prelude::*;

/// Whether scripts have taken over. What cannot work without them stays disabled or hidden until then.
///
/// It starts as `false` on both sides: the browser must first build the page that the server sent, and change it after.
#[derive(Clone, Copy)]
pub(crate) struct Hydrated(RwSignal<bool>);

impl Hydrated {
    /// Puts it into the context, and marks the document once every handler is in place.
    pub(crate) fn provide() {
        let hydrated = RwSignal::new(false);
        provide_context(Self(hydrated));
        // Effects run in no server, and in the browser only after the whole tree is hydrated.
        Effect::new(move || {
            hydrated.set(true);
            if let Some(root) = document().document_element() {
                // Fails for an ill-formed attribute name only.
                _ = root.set_attribute("data-hydrated", "true");
            }
        });
    }

    /// Reads it, reactively.
    pub(crate) fn get(self) -> bool {
        self.0.get()
    }

    /// Reads it once: while a page is built it tells a navigation inside the app from the first rendering.
    pub(crate) fn get_untracked(self) -> bool {
        self.0.get_untracked()
    }
}
