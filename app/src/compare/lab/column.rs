//! One mode: the last exchange, and what each side holds.

use leptos::prelude::*;

use super::{
    controls::{IN_ONE_MODE, buttons},
    delays,
    exchange::exchange,
    report::{Column, Holding, Rows, Thief},
    sequence::sequence,
};
use crate::{calendar, components::KeyIcon};

pub(super) fn column(position: usize, of: &Column, now: i64) -> impl IntoView + use<> {
    let (id, name) = (of.mode.id.to_string(), of.mode.name.clone());
    let heading = format!("lab-{id}");
    view! {
        <section class="lab-column" aria-labelledby=heading data-mode=id.clone()>
            <div class="mode-head">
                <KeyIcon position />
                <h3 id=heading.clone() class="text-xl font-semibold">{name.clone()}</h3>
            </div>
            <div class="actions">{buttons(IN_ONE_MODE, Some((&id, &name)))}</div>
            {of.exchange.as_ref().map(exchange)}
            {of.exchange.as_ref().map(|exchange| sequence(&id, exchange))}
            <h4>"The browser holds"</h4>
            {holdings(&of.owner)}
            {of.thief.as_ref().map(|of| thief(of, now))}
            <h4>"The server holds"</h4>
            {tables(&of.tables)}
        </section>
    }
}

fn holdings(all: &[Holding]) -> impl IntoView + use<> {
    if all.is_empty() {
        return view! { <p class="text-muted">"No credential."</p> }.into_any();
    }
    let all = all.iter().map(|holding| {
        view! {
            <li data-changed=holding.changed.to_string()>
                <span class="font-medium">{holding.place.clone()}</span>
                <code>{holding.masked.clone()}</code>
                <span class="text-sm text-muted">
                    {format!("{} bytes", holding.bytes)} {holding.attributes.as_ref().map(|text| format!("; {text}"))}
                </span>
                {holding.claims.as_ref().map(|claims| {
                    view! {
                        <details>
                            <summary>"Claims"</summary>
                            <pre class="wire" tabindex="0">{claims.clone()}</pre>
                        </details>
                    }
                })}
            </li>
        }
    });
    view! { <ul class="lab-holdings">{all.collect_view()}</ul> }.into_any()
}

fn tables(all: &[Rows]) -> impl IntoView + use<> {
    let all = all.iter().map(|table| {
        let rows = table.rows.iter().map(|row| {
            let cells = table.columns.iter().zip(row).map(|(column, value)| {
                let text = value.text.as_ref().map_or_else(|| "null".to_owned(), |text| readable(column, text));
                view! {
                    <div data-changed=value.changed.to_string()>
                        <dt>{column.clone()}</dt>
                        <dd>{text}</dd>
                    </div>
                }
            });
            view! { <dl class="lab-row">{cells.collect_view()}</dl> }
        });
        view! {
            <h5><code>{table.table.clone()}</code></h5>
            {rows.collect_view()}
        }
    });
    all.collect_view()
}

/// An instant as a date, with the stored number.
fn readable(column: &str, text: &str) -> String {
    match text.parse() {
        Ok(at) if column.ends_with("_at") => format!("{text} ({})", calendar::human(at, 0)),
        _ => text.to_owned(),
    }
}

fn thief(of: &Thief, now: i64) -> impl IntoView + use<> {
    let announced = of.end.and_then(|end| end.refused_from);
    let announced = announced.map(|at| format!("Announced: refused from {}.", calendar::human(at, now)));
    let found = of.found.as_ref().map(|of| format!("Measured: {}.", delays::in_words(of)));
    view! {
        <div class="lab-thief">
            <h4>"The thief holds"</h4>
            {holdings(&of.holds)}
            {announced.map(|text| view! { <p>{text}</p> })}
            {found.map(|text| view! { <p class="font-medium">{text}</p> })}
        </div>
    }
}
