use leptos::prelude::*;

use crate::{calendar, client::SignIns, locale::tr};

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
        ..=0 => tr("expired", "만료됨").to_owned(),
        seconds => {
            let span = calendar::span(seconds);
            tr(format!("in {span}"), format!("{span} 후"))
        }
    });
    view! {
        <Instant at=until />
        " "
        <span class="whitespace-nowrap text-muted tabular-nums">{left}</span>
    }
}
