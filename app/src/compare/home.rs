use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{Offers, client::SignIns, components::Page, error::ErrorCode, pages::registered, types::ModeInfo};

use super::{
    guide::Guide,
    login_all::{LoginAll, count_word},
    mode_card::ModeCard,
};

/// `/`: all modes side by side, with this browser's sign-ins.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let modes = expect_context::<SignIns>().modes();
    let query = use_query_map().get_untracked();
    let failed = query.get("error").and_then(|code| ErrorCode::parse(&code)).map(ErrorCode::message);
    let registered = registered(&query);
    let logins = view! { <LoginAll username=query.get("username").unwrap_or_default() /> };
    // After a registration, the next thing to do is first.
    let top = match registered {
        Some(_) => view! { {logins} <Guide /> }.into_any(),
        None => view! { <Guide /> {logins} }.into_any(),
    };
    let cards = modes.clone().into_iter().enumerate().map(|(position, info)| view! { <ModeCard position info /> });
    view! {
        <Page
            title="One door, four keys"
            lead=format!(
                "Sign in once, {} ways, and see how the server recognises you on the next request.",
                count_word(modes.len()),
            )
            message=failed.or(registered).map(str::to_owned)
        >
            {top}
            {Offers::current().lab.then(to_lab)}
            <div class="mode-grid">{cards.collect_view()}</div>
            <TutorialTable modes />
        </Page>
    }
}

/// `rel="external"`: the page of the lab is no part of the app.
fn to_lab() -> impl IntoView {
    view! {
        <p class="mt-6">
            <a class="link" rel="external" href="/lab">"The lab"</a>
            " runs the same requests in every mode, and shows what they cost, what each side holds, and how long a stolen copy works."
        </p>
    }
}

/// Common claims in tutorials about each mode, corrected. The explicit roles are needed because on a phone the rows are
/// blocks, and some browsers drop the table semantics if CSS changes `display`.
#[component]
fn TutorialTable(modes: Vec<ModeInfo>) -> impl IntoView {
    let rows = modes.into_iter().map(|info| {
        view! {
            <tr role="row">
                <th role="rowheader" scope="row">{info.name}</th>
                <td role="cell" data-label="Often said">{info.often_said}</td>
                <td role="cell" data-label="In fact">{info.in_fact}</td>
            </tr>
        }
    });
    view! {
        <table role="table" class="tutorials block-section">
            <caption class="section-title">"What tutorials say, and what's true"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">"Mode"</th>
                    <th role="columnheader" scope="col">"Often said"</th>
                    <th role="columnheader" scope="col">"In fact"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows.collect_view()}</tbody>
        </table>
    }
}
