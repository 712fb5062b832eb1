//! What this server has beside the modes. The pages mention it only where it exists.

use leptos::prelude::*;

/// The server provides it in the context of each page that it renders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// Two accounts with public passwords.
    pub demo_users: bool,
    // part: comparison, begin
    /// The page `/lab`.
    pub lab: bool,
    // part: comparison, end
}

impl Offers {
    /// Provides the server's value to all pages. The hydrated page gets it from the HTML.
    pub(crate) fn provide() {
        let demo_users = SharedValue::new(|| Self::current().demo_users).into_inner();
        let lab = SharedValue::new(|| Self::current().lab).into_inner(); // part: comparison
        provide_context(Self {
            demo_users,
            lab, // part: comparison
        });
    }

    /// What this server has.
    pub(crate) fn current() -> Self {
        use_context::<Self>().unwrap_or_default()
    }
}
