//! What this server has beside the modes. The pages mention it only where it exists.

use leptos::prelude::*;

/// The server provides it in the context of each page that it renders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// Two accounts with public passwords.
    pub demo_users: bool,
    /// The page `/lab`.
    pub lab: bool,
}

impl Offers {
    /// Provides the server's value to all pages. The hydrated page gets it from the HTML.
    pub(crate) fn provide() {
        let server_has = SharedValue::new(|| {
            let Self { demo_users, lab } = Self::current();
            (demo_users, lab)
        });
        let (demo_users, lab) = server_has.into_inner();
        provide_context(Self { demo_users, lab });
    }

    /// What this server has.
    pub(crate) fn current() -> Self {
        use_context::<Self>().unwrap_or_default()
    }
}
