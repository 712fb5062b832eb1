use leptos::prelude::*;

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
