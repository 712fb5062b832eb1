use leptos::prelude::*;

/// A key whose teeth depend on the position in the list of modes. Decorative: the mode's name is always beside it.
#[component]
pub(crate) fn KeyIcon(position: usize) -> impl IntoView {
    view! {
        <svg
            viewBox="0 0 44 20"
            width="44"
            height="20"
            fill="none"
            stroke="currentColor"
            stroke-width="2.25"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            class="shrink-0"
        >
            <circle cx="8" cy="10" r="6" />
            <path d=blade(position) />
        </svg>
    }
}

/// Three teeth with three lengths each, from the digits of a base 3 number. 5 and 27 are coprime, so the first 27 keys
/// differ.
fn blade(position: usize) -> String {
    let code = (position * 5 + 7) % 27;
    let [a, b, c] = [code / 9, code / 3 % 3, code % 3].map(|digit| 3 + 2 * digit);
    format!("M14 10h28v{a}M35 10v{b}M28 10v{c}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::blade;

    #[test]
    fn no_two_of_27_keys_are_alike() {
        assert_eq!((0..27).map(blade).collect::<BTreeSet<_>>().len(), 27);
    }
}
