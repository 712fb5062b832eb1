use leptos::prelude::*;

use crate::types::ModeInfo;

/// What tutorials say of each mode, set right. The roles repeat what the elements mean, because on a phone the rows are laid
/// out as blocks and some browsers then forget that this is a table.
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
            <caption class="section-title">"What tutorials say, and what is the case"</caption>
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
