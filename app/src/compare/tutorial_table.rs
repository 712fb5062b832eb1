use leptos::prelude::*;

use crate::types::ModeInfo;

/// Common claims in tutorials about each mode, corrected. The explicit roles are needed because on a phone the rows are
/// blocks, and some browsers drop the table semantics if CSS changes `display`.
#[component]
pub(crate) fn TutorialTable(modes: Vec<ModeInfo>) -> impl IntoView {
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
