// part: comparison
use leptos::prelude::*;

use crate::{
    client::SignIns,
    components::{Hydrated, KeyIcon},
    locale::tr,
    paths::query_value,
    types::{ModeId, Transport},
};

/// The choice of the mode to log in with. Before hydration the choices are links: an HTML form has one address, so
/// another mode needs another page. Links and radio buttons look the same.
#[component]
pub(crate) fn ModeChoice(chosen: RwSignal<ModeId>, next: Option<String>) -> impl IntoView {
    let hydrated = expect_context::<Hydrated>();
    let modes = StoredValue::new(expect_context::<SignIns>().modes());
    let next = next.map(|next| format!("&next={}", query_value(&next))).unwrap_or_default();
    let link = move |position: usize, id: ModeId, name: String| {
        let current = (chosen.get_untracked() == id).then_some("true");
        view! {
            <a class="choice" href=format!("/login?mode={id}{next}") aria-current=current>
                <KeyIcon position />
                {name}
            </a>
        }
    };
    let radio = move |position: usize, id: ModeId, name: String| {
        let (value, this) = (id.to_string(), id.clone());
        view! {
            <label class="choice">
                <input
                    class="choice-input"
                    type="radio"
                    name="mode"
                    value=value
                    prop:checked=move || chosen.get() == this
                    on:change=move |_| chosen.set(id.clone())
                />
                <KeyIcon position />
                {name}
            </label>
        }
    };
    let each = move |view: &dyn Fn(usize, ModeId, String) -> AnyView| {
        modes.with_value(|modes| {
            modes.iter().enumerate().map(|(at, info)| view(at, info.id.clone(), info.name.clone())).collect_view()
        })
    };
    view! {
        <fieldset>
            <legend class="label">{tr("Mode", "방식")}</legend>
            <div class="choices">
                {move || {
                    if hydrated.get() {
                        each(&|at, id, name| radio(at, id, name).into_any())
                    } else {
                        each(&|at, id, name| link(at, id, name).into_any())
                    }
                }}
            </div>
        </fieldset>
    }
}

/// The modes to choose from where the chosen one needs a script.
#[component]
pub(crate) fn CookieModes() -> impl IntoView {
    let modes = expect_context::<SignIns>().modes().into_iter().filter(|info| info.transport == Transport::Cookie);
    let names = modes.map(|info| info.name).collect::<Vec<_>>().join(", ");
    view! { <p class="unscripted">{tr(format!("Modes that use a cookie: {names}."), format!("쿠키를 사용하는 방식: {names}."))}</p> }
}
