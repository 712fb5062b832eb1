//! How long a stolen copy worked: what the server announced, and what the thief measured.

use leptos::prelude::*;

use super::{
    parts::{Head, table_section},
    report::{Column, Found, Thief},
};
use crate::calendar;

pub(super) fn delays(columns: &[Column]) -> impl IntoView + use<> {
    let measured: Vec<_> = columns
        .iter()
        .filter_map(|column| Some((column, column.thief.as_ref()?, column.thief.as_ref()?.found.as_ref()?)))
        .collect();
    if measured.is_empty() {
        return ().into_any();
    }
    let rows = measured.into_iter().map(|(column, thief, found)| {
        view! {
            <tr data-mode=column.mode.id.to_string()>
                <th scope="row">{column.mode.name.clone()}</th>
                <td>{announced(thief)}</td>
                <td>{in_words(found)}</td>
                <td class="number">{found.requests}</td>
            </tr>
        }
    });
    table_section(
        "delays",
        "How long the copy worked",
        "Counted from the end of the sign-in. The server announces with each end the instant from which copies are refused. A \
         logout announces that of its own mode; an end of the account announces the latest of all modes. Retiring a key announces \
         nothing. A copy can expire before the announced instant.",
        [Head::Text("Mode"), Head::Text("Announced"), Head::Text("Measured"), Head::Number("Requests")],
        rows.collect_view(),
        (),
    )
    .into_any()
}

fn announced(thief: &Thief) -> String {
    let Some((end, refused_from)) = thief.end.and_then(|end| Some((end, end.refused_from?))) else {
        return "nothing".to_owned();
    };
    match refused_from - end.at {
        ..=0 => "refused at once".to_owned(),
        delay => format!("refused after {}", calendar::span(delay)),
    }
}

/// `worked for 5 min, then refused (expired)`
pub(super) fn in_words(found: &Found) -> String {
    let reason = found.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let Some(refused_at) = found.refused_at else { return "still worked when the measurement ended".to_owned() };
    match (refused_at - found.from, refused_at == found.began) {
        (..=0, _) => format!("refused at once{reason}"),
        (delay, false) => format!("worked for {}, then refused{reason}", calendar::span(delay)),
        // No request came in between.
        (delay, true) => format!("refused when first used, after {}{reason}", calendar::span(delay)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measured_delay_is_told_in_words() {
        let of =
            |began, refused_at| Found { from: 100, began, refused_at, requests: 1, reason: Some("logout".to_owned()) };
        assert_eq!(in_words(&of(100, Some(100))), "refused at once (logout)");
        assert_eq!(in_words(&of(100, Some(400))), "worked for 5 min, then refused (logout)");
        assert_eq!(in_words(&of(400, Some(400))), "refused when first used, after 5 min (logout)");
        assert_eq!(in_words(&of(100, None)), "still worked when the measurement ended");
    }
}
