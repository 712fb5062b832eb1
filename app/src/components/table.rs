use leptos::prelude::*;

use crate::paths::query_value;

/// A cell in a table of records. On a narrow screen each record is a card, so the cell also has the name of its column.
/// The explicit roles are needed because some browsers drop the table semantics if CSS changes `display`.
#[component]
pub(crate) fn Cell(
    label: &'static str,
    /// The full text, if the cell shows a shortened one.
    #[prop(optional, into)]
    whole: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <td role="cell" data-label=label title=whole>
            {children()}
        </td>
    }
}

/// The header row with the names of the columns.
#[component]
pub(crate) fn Columns(names: Vec<&'static str>) -> impl IntoView {
    let names = names.into_iter().map(|name| view! { <th role="columnheader" scope="col">{name}</th> });
    view! {
        <thead role="rowgroup">
            <tr role="row">{names.collect_view()}</tr>
        </thead>
    }
}

/// Links to the next page of a list and to the first. Each page has an address and needs no script.
#[component]
pub(crate) fn Paging(
    /// The address of the first page.
    path: String,
    /// The labels of the links to the first and to the next page.
    words: (&'static str, &'static str),
    /// Whether this is the first page.
    first: bool,
    /// The query parameter for the cursor.
    parameter: &'static str,
    /// The cursor of the next page, if there may be one.
    next: Signal<Option<String>>,
) -> impl IntoView {
    let (to_first, to_next) = words;
    let start = path.clone();
    view! {
        <p class="actions mt-6">
            {(!first).then(|| view! { <a class="button quiet" href=start>{to_first}</a> })}
            {move || next.get().map(|cursor| {
                let href = format!("{path}?{parameter}={}", query_value(&cursor));
                view! { <a class="button quiet" href=href>{to_next}</a> }
            })}
        </p>
    }
}
