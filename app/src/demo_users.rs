//! Whether this server has demo users. The pages mention them only if it has.

use leptos::prelude::*;

/// The server provides it in the context of each page that it renders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DemoUsers(pub bool);

impl DemoUsers {
    /// Provides the server's value to all pages. The hydrated page gets it from the HTML.
    pub(crate) fn provide() {
        let exist = SharedValue::new(|| use_context::<Self>().unwrap_or_default().0);
        provide_context(Self(exist.into_inner()));
    }

    /// Whether this server has demo users.
    pub(crate) fn exist() -> bool {
        use_context::<Self>().unwrap_or_default().0
    }
}
