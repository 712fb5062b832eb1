//! How long a stolen copy worked: what the server announced, and what the thief measured.

use leptos::prelude::*;

use super::report::{Column, Found, Thief};
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
                <td>{announced(thief, found)}</td>
                <td>{in_words(found)}</td>
                <td class="number">{found.requests}</td>
            </tr>
        }
    });
    view! {
        <section class="block-section" aria-labelledby="delays">
            <h2 id="delays" class="section-title">"How long the copy worked"</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                "Counted from the first request of the measurement. The announced time is from the header X-Revocation of the \
                answer that ended the sign-in. A copy that is in use may be refused earlier than announced: it also ends \
                with its own lifetime."
            </p>
            <div class="mt-5 overflow-x-auto" tabindex="0" role="group" aria-labelledby="delays">
                <table class="lab-table">
                    <thead>
                        <tr>
                            {["Mode", "Announced", "Measured"].map(|title| view! { <th scope="col">{title}</th> }).collect_view()}
                            <th scope="col" class="number">"Requests"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn announced(thief: &Thief, found: &Found) -> String {
    match thief.announced.map(|at| at - found.from) {
        None => "nothing".to_owned(),
        Some(delay) if delay <= 0 => "refused at once".to_owned(),
        Some(delay) => format!("refused after {}", calendar::span(delay)),
    }
}

/// `worked for 5 min, then refused (expired)`
pub(super) fn in_words(found: &Found) -> String {
    let reason = found.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    match found.refused_at.map(|at| at - found.from) {
        Some(0) => format!("refused at once{reason}"),
        Some(delay) => format!("worked for {}, then refused{reason}", calendar::span(delay)),
        None => "still worked when the measurement ended".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measured_delay_is_told_in_words() {
        let of = |refused_at| Found { from: 100, refused_at, requests: 1, reason: Some("logout".to_owned()) };
        assert_eq!(in_words(&of(Some(100))), "refused at once (logout)");
        assert_eq!(in_words(&of(Some(400))), "worked for 5 min, then refused (logout)");
        assert_eq!(in_words(&of(None)), "still worked when the measurement ended");
    }
}
