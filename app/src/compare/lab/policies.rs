//! What four policies do with the second use of a refresh token.

use auth::ModeInfo;
use leptos::prelude::*;

use super::{
    parts::{Head, Tone, judged, study_form, table_section},
    race::{has_ended, still_signed_in, summary, tree},
    report::{Race, Story},
    stories::end,
    strategies::no_mode,
    text::Text,
};
use crate::{
    Locale,
    locale::tr,
    ssr::{Heading, document},
};

/// The policies, and when they were tried.
#[derive(Clone, Debug)]
pub struct Policies {
    /// Unix seconds.
    pub run_at: i64,
    /// `None` if no mode has a token that a browser renews.
    pub mode: Option<&'static ModeInfo>,
    pub results: Vec<PolicyResult>,
}

/// What one policy comes to.
#[derive(Clone, Debug)]
pub struct PolicyResult {
    pub policy: Text,
    /// What it does with a second use, and who applies it.
    pub about: Text,
    /// The tabs of one browser, which share an `Idempotency-Key`.
    pub tabs: Race,
    /// The new credentials of the tabs that can still renew after the race.
    pub working: usize,
    /// The tabs one after another, if the order changes the result.
    pub in_turn: Option<Race>,
    /// Programs, each with a key of its own.
    pub programs: Race,
    pub thief_first: Story,
    pub owner_first: Story,
}

/// The document. `policies` is `None` until they have been tried.
#[must_use]
pub fn policies_page(options: &LeptosOptions, locale: Locale, policies: Option<&Policies>) -> String {
    let heading = Heading { title: || tr("Four policies", "네 가지 정책"), path: Some("/lab/policies") };
    document(options, locale, heading, || {
        view! {
            <p class="mt-4 max-w-3xl text-lg text-muted text-pretty">
                {tr(
                    "A refresh token is used a second time. Its owner may have two tabs, or a request that was sent twice. Or a thief has a \
                    copy. The server sees the same request. Four policies, in a race and in a theft.",
                    "리프레시 토큰이 두 번째로 사용됩니다. 소유자의 탭이 두 개이거나, 요청이 두 번 보내졌을 수 있습니다. 도둑이 복사본을 가졌을 \
                    수도 있습니다. 서버가 보는 요청은 같습니다. 네 가지 정책을 동시 갱신과 탈취에서 비교합니다.",
                )}
            </p>
            {study_form("/lab/policies", tr(["Try the policies", "Try the policies again"], ["정책 시험하기", "정책 다시 시험하기"]), policies.map(|of| of.run_at))}
            {policies.map(results)}
        }
        .into_any()
    })
}

fn results(of: &Policies) -> AnyView {
    let Some(info) = of.mode else {
        return view! { <p class="mt-6">{no_mode()}</p> }.into_any();
    };
    let (id, mode) = (info.id.0, Text::of_mode(info).shown());
    let rows = of.results.iter().map(|of| {
        view! {
            <tr data-policy=of.policy.english().to_owned()>
                <th scope="row">{of.policy.shown()}</th>
                <td>{of.about.shown()}</td>
                {[&of.tabs, &of.programs].map(|race| view! { <td>{summary(race)} " " {alive(race)}</td> }).collect_view()}
                {[&of.thief_first, &of.owner_first].map(|story| view! { <td>{signed_in(story)}</td> }).collect_view()}
            </tr>
        }
    });
    let head = tr(
        [
            "Policy",
            "A second use",
            "8 tabs at once",
            "64 programs at once",
            "The thief renews first",
            "The owner renews first",
        ],
        ["정책", "두 번째 사용", "탭 8개 동시에", "프로그램 64개 동시에", "도둑이 먼저 갱신", "소유자가 먼저 갱신"],
    );
    let trees = of.results.iter().map(|of| {
        view! {
            {card(&of.policy, &of.tabs, of.working)}
            {of.in_turn.as_ref().map(|race| card(&in_turn(&of.policy), race, usize::from(race.alive)))}
        }
    });
    view! {
        {table_section(
            "policies",
            tr("The policies", "정책"),
            tr(
                "The last two columns say who is signed in after a theft in which both sides renewed. Only an end of the sign-in tells the \
                 owner about the theft.",
                "마지막 두 열은 탈취 뒤에 양쪽이 갱신했을 때 누가 로그인되어 있는지 보여 줍니다. 로그인이 끝나야만 소유자가 탈취를 알 수 있습니다.",
            ),
            head.map(Head::Text),
            rows.collect_view(),
            sources(),
        )}
        <section class="block-section" aria-labelledby="trees">
            <h2 id="trees" class="section-title">{tr("Eight tabs, drawn", "그림으로 본 탭 여덟 개")}</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                {tr(
                    format!("{mode}. The disc on the left is the token. Each line is a tab that renews it. All tabs renew at the same time."),
                    format!("{mode}. 왼쪽의 원이 토큰입니다. 각 선은 토큰을 갱신하는 탭입니다. 모든 탭이 동시에 갱신합니다."),
                )}
            </p>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                {tr(
                    "With a blacklist and no lock, the result depends on the order. The model is run in two orders. In the first one, all tabs read \
                    the list before the first one writes it: all are served. In the second one, each tab reads after the one before it has \
                    written: one is served. A server in production is between the two, and each race can end in another way.",
                    "잠금 없는 블랙리스트에서는 결과가 순서에 달려 있습니다. 모형을 두 가지 순서로 실행합니다. 첫 번째에서는 어느 탭도 쓰기 전에 모든 \
                    탭이 목록을 읽으므로 모두 발급받습니다. 두 번째에서는 각 탭이 앞의 탭이 쓴 뒤에 읽으므로 하나만 발급받습니다. 운영 중인 서버는 \
                    이 둘 사이에 있으며, 실행할 때마다 결과가 다를 수 있습니다.",
                )}
            </p>
            <div class="lab-grid">{trees.collect_view()}</div>
        </section>
        <section class="block-section" aria-labelledby="real-tabs">
            <h2 id="real-tabs" class="section-title">{tr("With real tabs", "실제 탭으로")}</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                {tr(
                    format!("Log in by {mode} on this site. Then use this link several times: "),
                    format!("이 사이트에서 로그인하십시오(방식: {mode}). 그다음 이 링크를 여러 번 여십시오: "),
                )}
                <a class="link" href=format!("/me/{id}") target="_blank">
                    {tr(format!("{mode} in a new tab"), format!("새 탭에서 {mode}"))}
                </a>
                {tr(
                    ". Close the browser, and let it restore the tabs. A new page has no access token, so all tabs want to renew. They share a \
                    lock and a key: one renews, and the others ask it for the result. A tab that gets no answer in time renews too, after the first \
                    one. A browser without the lock shares the key alone: the server then answers with the same successor. ",
                    ". 브라우저를 닫고 탭을 복원하십시오. 새 페이지에는 액세스 토큰이 없으므로 모든 탭이 갱신하려고 합니다. 탭들은 잠금과 키를 \
                    공유합니다. 하나가 갱신하고, 나머지는 그 탭에 결과를 묻습니다. 제때 답을 받지 못한 탭도 첫 번째 탭 다음에 갱신합니다. 잠금이 없는 \
                    브라우저에서는 키만 공유하며, 서버는 같은 후속 토큰으로 응답합니다. ",
                )}
                <a class="link" href=format!("/account/{id}/activity") target="_blank">
                    {tr("The activity of the account", "계정의 활동 기록")}
                </a>
                {tr(
                    " shows one renewal, or a few, and none that was refused.",
                    "에는 갱신이 한 번이나 몇 번 있고, 거부된 갱신은 없습니다.",
                )}
            </p>
        </section>
    }
    .into_any()
}

fn in_turn(policy: &Text) -> Text {
    let one_after_another = Text::fixed("one after another", "차례대로");
    Text::join(&[policy.clone(), one_after_another], ", ")
}

/// The tree of a race, and the new credentials that can still renew.
fn card(title: &Text, race: &Race, working: usize) -> impl IntoView + use<> {
    let issued = race.issued;
    view! {
        <section class="lab-race" data-policy=title.english().to_owned()>
            <h3>{title.shown()}</h3>
            {tree(race)}
            <p>{summary(race)}</p>
            <p class="font-medium">{tr(
                format!("Working afterwards: {working} of {issued}."),
                format!("그 뒤에 유효한 것: {issued}개 중 {working}개."),
            )}</p>
        </section>
    }
}

fn sources() -> impl IntoView {
    view! {
        <p class="mt-3 text-muted">
            {tr("Sources: ", "출처: ")}
            <a class="link" href="https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2">"RFC 9700, 4.14.2"</a>
            "; "
            <a class="link" href="https://django-rest-framework-simplejwt.readthedocs.io/en/latest/settings.html#blacklist-after-rotation">
                {tr("BLACKLIST_AFTER_ROTATION of SimpleJWT", "SimpleJWT의 BLACKLIST_AFTER_ROTATION")}
            </a>
            "."
        </p>
    }
}

fn alive(race: &Race) -> impl IntoView + use<> {
    if race.alive { judged(Tone::Good, still_signed_in()) } else { judged(Tone::Bad, has_ended()) }
}

/// A theft that ends the sign-in is the good outcome: the owner logs in again, and the thief has nothing.
fn signed_in(story: &Story) -> impl IntoView + use<> {
    let tone = match (story.owner_works, story.thief_works) {
        (_, true) => Tone::Bad,
        (true, false) => Tone::Mixed,
        (false, false) => Tone::Good,
    };
    judged(tone, end(story))
}
