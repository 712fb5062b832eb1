use leptos::prelude::*;

use crate::{calendar, client::SignIns};

/// A point in time, by the server's clock.
#[component]
pub(crate) fn Instant(#[prop(into)] at: Signal<i64>) -> impl IntoView {
    let now = expect_context::<SignIns>().now();
    let text = Memo::new(move |_| calendar::human(at.get(), now.get()));
    view! { <time class="instant" datetime=move || calendar::machine(at.get())>{text}</time> }
}

/// A point in time and the remaining time. It is no live region: a screen reader would read it every second.
#[component]
pub(crate) fn Remaining(#[prop(into)] until: Signal<i64>) -> impl IntoView {
    let now = expect_context::<SignIns>().now();
    let left = Memo::new(move |_| match until.get() - now.get() {
        ..=0 => "expired".to_owned(),
        seconds => format!("in {}", calendar::span(seconds)),
    });
    view! {
        <Instant at=until />
        " "
        <span class="whitespace-nowrap text-muted tabular-nums">{left}</span>
    }
}
