use leptos::prelude::*;

/// A value in a table of records. Where the screen is too narrow for columns, each record is a card, and the value has to bring
/// the name of its column along. The roles repeat what the elements mean, because some browsers then forget that this is a table.
#[component]
pub(crate) fn Cell(
    label: &'static str,
    /// All of what is shown shortened.
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

/// The names of the columns.
#[component]
pub(crate) fn Columns(names: Vec<&'static str>) -> impl IntoView {
    let names = names.into_iter().map(|name| view! { <th role="columnheader" scope="col">{name}</th> });
    view! {
        <thead role="rowgroup">
            <tr role="row">{names.collect_view()}</tr>
        </thead>
    }
}
