use leptos::prelude::*;

use crate::{calendar, sign_ins::SignIns};

/// A moment, by the server's clock.
#[component]
pub(crate) fn Instant(#[prop(into)] at: Signal<i64>) -> impl IntoView {
    let now = expect_context::<SignIns>().now();
    let text = Memo::new(move |_| calendar::human(at.get(), now.get()));
    view! { <time class="instant" datetime=move || calendar::machine(at.get())>{text}</time> }
}

/// A moment, and how far away it is. It ticks silently: read out each second it would drown everything else.
#[component]
pub(crate) fn Remaining(#[prop(into)] until: Signal<i64>) -> impl IntoView {
    let now = expect_context::<SignIns>().now();
    let left = Memo::new(move |_| match until.get() - now.get() {
        ..=0 => "over".to_owned(),
        seconds => format!("in {}", calendar::span(seconds)),
    });
    view! {
        <Instant at=until />
        " "
        <span class="whitespace-nowrap text-muted tabular-nums">{left}</span>
    }
}
