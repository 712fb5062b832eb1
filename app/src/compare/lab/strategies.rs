//! When should a client renew an access token? One hour of a browser with several tabs, for each strategy.

use leptos::prelude::*;

use super::parts::{Head, study_form, table_section};
use crate::{calendar, ssr::document};

/// Pixels of the hour.
const WIDTH: i64 = 600;
/// Pixels of a tab's line.
const ROW: i64 = 18;

/// The hours, and when they were run.
#[derive(Clone, Debug)]
pub struct Hours {
    /// Unix seconds.
    pub run_at: i64,
    /// The name of the mode, or `None` if no mode has a token that a browser renews.
    pub mode: Option<&'static str>,
    /// The lifetime of an access token, in seconds.
    pub lifetime: i64,
    pub hours: Vec<Hour>,
}

/// The hour of one strategy.
#[derive(Clone, Debug)]
pub struct Hour {
    pub strategy: &'static str,
    /// What the client does.
    pub about: &'static str,
    pub events: Vec<Event>,
}

/// One request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Seconds since the hour began.
    pub at: i64,
    /// The tab, from 0.
    pub tab: usize,
    pub kind: EventKind,
}

/// What a request was, or came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Answered.
    Answered,
    /// Refused, because the access token had expired.
    Refused,
    /// A renewal.
    Renewed,
}

impl Hour {
    /// The number of these requests.
    #[must_use]
    pub fn count(&self, kind: EventKind) -> usize {
        self.events.iter().filter(|event| event.kind == kind).count()
    }
}

/// The document. `hours` is `None` until they have been run.
#[must_use]
pub fn strategies_page(options: &LeptosOptions, hours: Option<&Hours>) -> String {
    document(options, "When to renew", Some("/lab/strategies"), || {
        view! {
            <p class="mt-4 max-w-3xl text-lg text-muted text-pretty">
                "An access token contains its expiry. So a client can know, without a request, that it has expired. Is that worth it? One \
                browser with three tabs works for an hour of a sandbox's clock, with each strategy. All tabs share the refresh cookie."
            </p>
            {study_form("/lab/strategies", ["Run an hour", "Run the hour again"], hours.map(|hours| hours.run_at))}
            {hours.map(results)}
        }
        .into_any()
    })
}

fn results(of: &Hours) -> AnyView {
    let Some(mode) = of.mode else {
        return view! { <p class="mt-6">"No mode of this server has a token that a browser renews."</p> }.into_any();
    };
    let rows = of.hours.iter().map(|hour| {
        let [answered, refused, renewed] =
            [EventKind::Answered, EventKind::Refused, EventKind::Renewed].map(|kind| hour.count(kind));
        view! {
            <tr data-strategy=hour.strategy>
                <th scope="row">{hour.strategy}</th>
                <td>{hour.about}</td>
                {[answered, refused, renewed, hour.events.len()]
                    .map(|number| view! { <td class="number">{number}</td> })
                    .collect_view()}
            </tr>
        }
    });
    let text = ["Strategy", "The client"].map(Head::Text);
    let numbers = ["Answered", "Refused", "Renewals", "Requests"].map(Head::Number);
    let pictures = of.hours.iter().map(picture).collect_view();
    let lifetime = calendar::span(of.lifetime);
    view! {
        {table_section(
            "hour",
            "The hour",
            "The requests of the user are the same in each row. The others are the price of the strategy.",
            text.into_iter().chain(numbers),
            rows.collect_view(),
            (),
        )}
        <section class="block-section" aria-labelledby="drawn">
            <h2 id="drawn" class="section-title">"The hour, drawn"</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                {format!("{mode}. Each line is a tab, from minute 0 to 60. An access token lives for {lifetime}. A point: answered. A disc: \
                          a renewal. A bar: refused.")}
            </p>
            <div class="lab-hours">{pictures}</div>
        </section>
    }
    .into_any()
}

/// The table has the numbers, so a screen reader skips the picture.
fn picture(of: &Hour) -> impl IntoView + use<> {
    let tabs = of.events.iter().map(|event| event.tab).max().map_or(0, |last| last + 1);
    let y = |tab: usize| i64::try_from(tab).unwrap_or_default() * ROW + ROW / 2;
    let lines = (0..tabs).map(|tab| view! { <line x1="0" x2=WIDTH y1=y(tab) y2=y(tab) /> }).collect_view();
    let marks = of.events.iter().map(|event| {
        let (x, y) = (event.at * WIDTH / 3600, y(event.tab));
        match event.kind {
            EventKind::Answered => view! { <circle cx=x cy=y r="1" /> }.into_any(),
            EventKind::Renewed => view! { <circle class="renewed" cx=x cy=y r="3" /> }.into_any(),
            EventKind::Refused => view! { <rect x=x - 1 y=y - 7 width="2" height="14" /> }.into_any(),
        }
    });
    let height = y(tabs);
    view! {
        <figure>
            <figcaption>{of.strategy}</figcaption>
            <svg viewBox=format!("-6 0 {} {height}", WIDTH + 12) aria-hidden="true">{lines} {marks.collect_view()}</svg>
        </figure>
    }
}
