use leptos::prelude::*;

use crate::{client::SignIns, locale::tr, types::Lifetime};

use super::Remaining;

/// The term for the end that a use moves.
pub(crate) fn ends_if_not_used() -> &'static str {
    tr("Ends if not used", "미사용 시 종료")
}
/// The term for the end that nothing moves.
pub(crate) fn ends_at_the_latest() -> &'static str {
    tr("Ends at the latest", "최종 종료")
}
/// The term for the end of a credential that the browser renews.
pub(crate) fn access_token_until() -> &'static str {
    tr("Access token until", "액세스 토큰 만료")
}

/// The ends of a credential and of its sign-in, as entries of a description list.
#[component]
pub(crate) fn Ends(
    auth: Lifetime,
    /// The browser renews the credential without the user.
    renews: bool,
) -> impl IntoView {
    let now = expect_context::<SignIns>().now();
    let moved = moved_end(auth, renews).map(|(term, note)| {
        view! {
            <div>
                <dt class="term">{term}</dt>
                <dd>
                    <Remaining until=auth.expires_at />
                    {note}
                    // Shows the same as the text, so it is hidden from screen readers.
                    <progress
                        class="lifetime"
                        aria-hidden="true"
                        max=auth.expires_at - auth.issued_at
                        value=move || (auth.expires_at - now.get()).max(0)
                    ></progress>
                </dd>
            </div>
        }
    });
    view! {
        {moved}
        <div>
            <dt class="term">{ends_at_the_latest()}</dt>
            <dd><Remaining until=auth.absolute_expires_at /></dd>
        </div>
    }
}

/// The term of the end that a use or a renewal moves, and a note. `None` once it has reached the end of the sign-in.
fn moved_end(auth: Lifetime, renews: bool) -> Option<(&'static str, &'static str)> {
    (auth.expires_at < auth.absolute_expires_at).then_some(if renews {
        (access_token_until(), tr(", renewed automatically", ", 자동으로 갱신됩니다"))
    } else {
        (ends_if_not_used(), "")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_sign_in_cannot_be_moved_by_a_use_or_a_renewal() {
        let auth = Lifetime { issued_at: 0, expires_at: 60, absolute_expires_at: 100, generation: 1 };
        assert_eq!(moved_end(auth, false), Some((ends_if_not_used(), "")));
        assert_eq!(moved_end(auth, true), Some((access_token_until(), ", renewed automatically")));
        let last = Lifetime { expires_at: 100, ..auth };
        assert_eq!([moved_end(last, false), moved_end(last, true)], [None, None]);
    }
}
