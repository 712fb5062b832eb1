//! Whether this server has demo users. Only then do the pages mention them.

use leptos::prelude::*;

/// The server puts it into the context of each page that it renders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DemoUsers(pub bool);

impl DemoUsers {
    /// Makes the server's answer known to all pages. A page that is taken over in the browser has brought it along.
    pub(crate) fn provide() {
        let exist = SharedValue::new(|| use_context::<Self>().unwrap_or_default().0);
        provide_context(Self(exist.into_inner()));
    }

    /// Are there any?
    pub(crate) fn exist() -> bool {
        use_context::<Self>().unwrap_or_default().0
    }
}
