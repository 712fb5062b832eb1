//! When should a client renew an access token? One hour of a browser with several tabs, for each strategy.

use auth::ModeInfo;
use leptos::prelude::*;

use super::{
    parts::{Head, study_form, table_section},
    text::Text,
};
use crate::{
    Locale, calendar,
    locale::tr,
    ssr::{Heading, document},
};

/// Pixels of the hour.
const WIDTH: i64 = 600;
/// Pixels of a tab's line.
const ROW: i64 = 18;

/// The hours, and when they were run.
#[derive(Clone, Debug)]
pub struct Hours {
    /// Unix seconds.
    pub run_at: i64,
    /// `None` if no mode has a token that a browser renews.
    pub mode: Option<&'static ModeInfo>,
    /// The lifetime of an access token, in seconds.
    pub lifetime: i64,
    pub hours: Vec<Hour>,
}

/// The hour of one strategy.
#[derive(Clone, Debug)]
pub struct Hour {
    pub strategy: Text,
    /// What the client does.
    pub about: Text,
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
pub fn strategies_page(options: &LeptosOptions, locale: Locale, hours: Option<&Hours>) -> String {
    let heading =
        Heading { title: || tr("When to renew", "언제 갱신할 것인가"), path: Some("/lab/strategies") };
    document(options, locale, heading, || {
        view! {
            <p class="mt-4 max-w-3xl text-lg text-muted text-pretty">
                {tr(
                    "An access token contains its expiry. So a client can know, without a request, that it has expired. Is that worth it? One \
                    browser with three tabs works for an hour of a sandbox's clock, with each strategy. All tabs share the refresh cookie.",
                    "액세스 토큰에는 만료 시각이 있습니다. 그래서 클라이언트는 요청하지 않고도 토큰이 만료되었는지 알 수 있습니다. 그만한 가치가 있습니까? 탭이 세 개인 브라우저 하나가 전략마다 샌드박스의 시계로 한 시간 동안 일합니다. 모든 탭이 리프레시 쿠키를 공유합니다.",
                )}
            </p>
            {study_form("/lab/strategies", tr(["Run an hour", "Run the hour again"], ["한 시간 실행하기", "한 시간 다시 실행하기"]), hours.map(|hours| hours.run_at))}
            {hours.map(results)}
        }
        .into_any()
    })
}

pub(super) fn no_mode() -> &'static str {
    tr(
        "No mode of this server has a token that a browser renews.",
        "이 서버에는 브라우저가 갱신하는 토큰이 있는 방식이 없습니다.",
    )
}

fn results(of: &Hours) -> AnyView {
    let Some(mode) = of.mode.map(|mode| Text::of_mode(mode).shown()) else {
        return view! { <p class="mt-6">{no_mode()}</p> }.into_any();
    };
    let rows = of.hours.iter().map(|hour| {
        let [answered, refused, renewed] =
            [EventKind::Answered, EventKind::Refused, EventKind::Renewed].map(|kind| hour.count(kind));
        view! {
            <tr data-strategy=hour.strategy.english().to_owned()>
                <th scope="row">{hour.strategy.shown()}</th>
                <td>{hour.about.shown()}</td>
                {[answered, refused, renewed, hour.events.len()]
                    .map(|number| view! { <td class="number">{number}</td> })
                    .collect_view()}
            </tr>
        }
    });
    let text = tr(["Strategy", "The client"], ["전략", "클라이언트의 동작"]).map(Head::Text);
    let numbers =
        tr(["Answered", "Refused", "Renewals", "Requests"], ["응답됨", "거부됨", "갱신", "요청"]).map(Head::Number);
    let pictures = of.hours.iter().map(picture).collect_view();
    let lifetime = calendar::span(of.lifetime);
    view! {
        {table_section(
            "hour",
            tr("The hour", "한 시간"),
            tr(
                "The requests of the user are the same in each row. The others are the price of the strategy.",
                "사용자의 요청은 모든 행에서 같습니다. 나머지는 전략의 대가입니다.",
            ),
            text.into_iter().chain(numbers),
            rows.collect_view(),
            (),
        )}
        <section class="block-section" aria-labelledby="drawn">
            <h2 id="drawn" class="section-title">{tr("The hour, drawn", "그림으로 본 한 시간")}</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                {tr(
                    format!("{mode}. Each line is a tab, from minute 0 to 60. An access token lives for {lifetime}. A point: answered. A disc: \
                             a renewal. A bar: refused."),
                    format!("{mode}. 각 선은 탭 하나이고, 0분부터 60분까지입니다. 액세스 토큰의 수명은 {lifetime}입니다. 점은 응답, 원은 갱신, \
                             막대는 거부입니다."),
                )}
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
            <figcaption>{of.strategy.shown()}</figcaption>
            <svg viewBox=format!("-6 0 {} {height}", WIDTH + 12) aria-hidden="true">{lines} {marks.collect_view()}</svg>
        </figure>
    }
}
