//! One mode: the last exchange, and what each side holds.

use leptos::prelude::*;

use super::{
    controls::{IN_ONE_MODE, buttons},
    delays,
    exchange::exchange,
    report::{Column, Holding, Rows, Thief},
    sequence::sequence,
    text::Text,
};
use crate::{calendar, components::KeyIcon, locale::tr};

pub(super) fn column(position: usize, of: &Column, now: i64) -> impl IntoView + use<> {
    let (id, name) = (of.mode.id.0, Text::of_mode(of.mode).shown());
    let heading = format!("lab-{id}");
    view! {
        <section class="lab-column" aria-labelledby=heading data-mode=id>
            <div class="mode-head">
                <KeyIcon position />
                <h3 id=heading.clone() class="text-xl font-semibold">{name.clone()}</h3>
            </div>
            <div class="actions">{buttons(IN_ONE_MODE, Some((id, &name)))}</div>
            {of.exchange.as_ref().map(exchange)}
            {of.exchange.as_ref().map(|exchange| sequence(id, exchange))}
            <h4>{tr("The browser holds", "브라우저가 보관하는 것")}</h4>
            {holdings(&of.owner)}
            {of.thief.as_ref().map(|of| thief(of, now))}
            <h4>{tr("The server holds", "서버가 보관하는 것")}</h4>
            {tables(&of.tables)}
        </section>
    }
}

fn holdings(all: &[Holding]) -> impl IntoView + use<> {
    if all.is_empty() {
        return view! { <p class="text-muted">{tr("No credential.", "인증 정보가 없습니다.")}</p> }.into_any();
    }
    let all = all.iter().map(|holding| {
        view! {
            <li data-changed=holding.changed.to_string()>
                <span class="font-medium">{holding.place.shown()}</span>
                <code>{holding.masked.clone()}</code>
                <span class="text-sm text-muted">
                    {bytes(holding.bytes)} {holding.attributes.as_ref().map(|text| format!("; {text}"))}
                </span>
                {holding.claims.as_ref().map(|claims| {
                    view! {
                        <details>
                            <summary>{tr("Claims", "클레임")}</summary>
                            <pre class="wire" translate="no" tabindex="0">{claims.clone()}</pre>
                        </details>
                    }
                })}
            </li>
        }
    });
    view! { <ul class="lab-holdings">{all.collect_view()}</ul> }.into_any()
}

fn bytes(count: usize) -> String {
    tr(format!("{count} bytes"), format!("{count}바이트"))
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
            view! { <dl class="lab-row" translate="no">{cells.collect_view()}</dl> }
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
    let announced = announced.map(|at| {
        let at = calendar::human(at, now);
        tr(format!("Announced: refused from {at}."), format!("예고: {at}부터 거부."))
    });
    let found = of.found.as_ref().map(|of| {
        let words = delays::in_words(of);
        tr(format!("Measured: {words}."), format!("측정: {words}."))
    });
    view! {
        <div class="lab-thief">
            <h4>{tr("The thief holds", "도둑이 보관하는 것")}</h4>
            {holdings(&of.holds)}
            {announced.map(|text| view! { <p>{text}</p> })}
            {found.map(|text| view! { <p class="font-medium">{text}</p> })}
        </div>
    }
}
