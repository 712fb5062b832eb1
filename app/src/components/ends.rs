use leptos::prelude::*;

use crate::types::Lifetime;

use super::Remaining;

/// The ends of a credential and of its sign-in, each with its name.
#[component]
pub(crate) fn Ends(
    auth: Lifetime,
    /// The browser renews the credential without the user.
    renews: bool,
) -> impl IntoView {
    let credential = if renews { "Access token until " } else { "Credential until " };
    view! {
        <p class="text-sm">{credential} <Remaining until=auth.expires_at /> {condition(auth, renews)}</p>
        <p class="text-sm">"Sign-in until " <Remaining until=auth.absolute_expires_at /></p>
    }
}

/// What moves the end of the credential. Nothing does, once it has reached the end of the sign-in.
fn condition(auth: Lifetime, renews: bool) -> &'static str {
    match (auth.expires_at < auth.absolute_expires_at, renews) {
        (false, _) => "",
        (true, true) => ", renewed automatically",
        (true, false) => ", if not used",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_sign_in_cannot_be_moved_by_a_use_or_a_renewal() {
        let auth = Lifetime { issued_at: 0, expires_at: 60, absolute_expires_at: 100, generation: 1 };
        assert_eq!(condition(auth, false), ", if not used");
        assert_eq!(condition(auth, true), ", renewed automatically");
        let last = Lifetime { expires_at: 100, ..auth };
        assert_eq!([condition(last, false), condition(last, true)], ["", ""]);
    }
}
