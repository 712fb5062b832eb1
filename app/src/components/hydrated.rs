use leptos::prelude::*;

/// Whether the page is hydrated. Controls that need scripts are disabled or hidden until then.
///
/// It starts as `false` on both sides: hydration needs the same first rendering as the server's.
#[derive(Clone, Copy)]
pub(crate) struct Hydrated(RwSignal<bool>);

impl Hydrated {
    /// Provides it in the context, and sets `data-hydrated` on the document after all event handlers are attached.
    pub(crate) fn provide() {
        let hydrated = RwSignal::new(false);
        provide_context(Self(hydrated));
        // Effects do not run on the server, and in the browser only after the whole tree is hydrated.
        Effect::new(move || {
            hydrated.set(true);
            if let Some(root) = document().document_element() {
                // Fails only for an invalid attribute name.
                _ = root.set_attribute("data-hydrated", "true");
            }
        });
    }

    /// Reads it, reactively.
    pub(crate) fn get(self) -> bool {
        self.0.get()
    }

    /// Reads it once. While a page is built, `true` means a navigation inside the app, `false` the first rendering.
    pub(crate) fn get_untracked(self) -> bool {
        self.0.get_untracked()
    }
}
