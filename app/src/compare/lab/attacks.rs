//! The attacks: what each defence is good for, mode beside mode, executed in sandboxes.

use auth::ModeInfo;
use leptos::prelude::*;

use super::{
    exchange::exchange,
    parts::{Tone, judged, scrolled, study_form},
    report::Exchange,
    text::Text,
};
use crate::{
    Locale,
    locale::tr,
    ssr::{Heading, document},
};

/// The attacks, and when they were executed.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Unix seconds.
    pub executed_at: i64,
    pub modes: Vec<&'static ModeInfo>,
    pub attacks: Vec<Attack>,
}

/// One attack, with its defences and without them.
#[derive(Clone, Debug)]
pub struct Attack {
    pub title: Text,
    /// What the attacker has, and does.
    pub about: Text,
    pub trials: Vec<Trial>,
}

/// An attack under one condition.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The defences, or what is missing.
    pub condition: Text,
    /// One result per mode. `None` if the attack needs something that the mode does not have.
    pub results: Vec<Option<AttackResult>>,
}

/// What came of a trial in one mode.
#[derive(Clone, Debug)]
pub struct AttackResult {
    pub outcome: Outcome,
    /// The observation, in words.
    pub evidence: Text,
    /// The request that decided, and its response.
    pub exchange: Exchange,
}

/// Who has won.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The attacker gets nothing.
    Stopped,
    /// The attacker acts for the user only while the user's page is open.
    Contained,
    /// The attacker acts for the user.
    Succeeds,
}

impl Outcome {
    const fn word(self) -> Text {
        match self {
            Self::Stopped => Text::fixed("Stopped", "막힘"),
            Self::Contained => Text::fixed("Contained", "제한됨"),
            Self::Succeeds => Text::fixed("Succeeds", "성공"),
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Stopped => Tone::Good,
            Self::Contained => Tone::Mixed,
            Self::Succeeds => Tone::Bad,
        }
    }
}

/// The document. `matrix` is `None` until the attacks have been executed.
#[must_use]
pub fn attacks_page(options: &LeptosOptions, locale: Locale, matrix: Option<&Matrix>) -> String {
    document(options, locale, Heading { title: || tr("Attacks", "공격"), path: Some("/lab/attacks") }, || {
        let attacks = matrix.map(|matrix| {
            let attacks = matrix.attacks.iter().zip(1..);
            attacks.map(|(of, number)| attack(number, of, &matrix.modes)).collect_view()
        });
        view! {
            <p class="mt-4 max-w-3xl text-lg text-muted text-pretty">
                {tr(
                    "The same attack on every mode, with the defences of this server and without them. Each attack runs against a new \
                    sandbox, through the whole server. Where a defence is missing, the attacker's client sends what would arrive, and \
                    be accepted, without it: the server itself keeps its defences.",
                    "모든 방식에 같은 공격을, 이 서버의 방어가 있을 때와 없을 때 실행합니다. 공격마다 새 샌드박스에서 서버 전체를 \
                    거칩니다. 방어가 없는 조건에서는, 그 방어가 없다면 도착하여 받아들여질 요청을 공격자의 클라이언트가 보냅니다. \
                    서버 자체의 방어는 그대로입니다.",
                )}
            </p>
            {study_form(
                "/lab/attacks",
                tr(["Attack", "Attack again"], ["공격하기", "다시 공격하기"]),
                matrix.map(|matrix| matrix.executed_at),
            )}
            {attacks}
        }
        .into_any()
    })
}

fn attack(number: usize, of: &Attack, modes: &[&'static ModeInfo]) -> impl IntoView + use<> {
    let id = format!("attack-{number}");
    let heads = modes.iter().map(|mode| view! { <th scope="col">{Text::of_mode(mode).shown()}</th> }).collect_view();
    let rows = of.trials.iter().map(|trial| {
        let results = trial.results.iter().zip(modes).map(|(of, mode)| result(of.as_ref(), mode)).collect_view();
        view! {
            <tr>
                <th scope="row">{trial.condition.shown()}</th>
                {results}
            </tr>
        }
    });
    let table = view! {
        <table class="lab-table lab-matrix">
            <thead>
                <tr>
                    <th scope="col">{tr("Condition", "조건")}</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    };
    view! {
        <section class="block-section" aria-labelledby=id.clone()>
            <h2 id=id.clone() class="section-title">{of.title.shown()}</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">{of.about.shown()}</p>
            {scrolled(id.clone(), table)}
        </section>
    }
}

fn result(of: Option<&AttackResult>, mode: &'static ModeInfo) -> impl IntoView + use<> {
    let mode = mode.id.0;
    let Some(of) = of else {
        return view! { <td data-mode=mode data-outcome="none" class="text-muted">{tr("Does not apply", "해당 없음")}</td> }.into_any();
    };
    view! {
        <td data-mode=mode data-outcome=of.outcome.word().english().to_owned()>
            {judged(of.outcome.tone(), of.outcome.word().shown())}
            <p>{of.evidence.shown()}</p>
            <details>
                <summary>{tr("The exchange", "주고받은 내용")}</summary>
                {exchange(&of.exchange)}
            </details>
        </td>
    }
    .into_any()
}
