//! The attacks: what each defence is good for, mode beside mode, executed in sandboxes.

use leptos::prelude::*;

use super::{
    exchange::exchange,
    parts::{Tone, judged, scrolled, study_form},
    report::Exchange,
};
use crate::{ssr::document, types::ModeInfo};

/// The attacks, and when they were executed.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Unix seconds.
    pub executed_at: i64,
    pub modes: Vec<ModeInfo>,
    pub attacks: Vec<Attack>,
}

/// One attack, with its defences and without them.
#[derive(Clone, Debug)]
pub struct Attack {
    pub title: &'static str,
    /// What the attacker has, and does.
    pub about: &'static str,
    pub trials: Vec<Trial>,
}

/// An attack under one condition.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The defences, or what is missing.
    pub condition: &'static str,
    /// One result per mode. `None` if the attack needs something that the mode does not have.
    pub results: Vec<Option<AttackResult>>,
}

/// What came of a trial in one mode.
#[derive(Clone, Debug)]
pub struct AttackResult {
    pub outcome: Outcome,
    /// The observation, in words.
    pub evidence: String,
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
    /// The word on the page.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stopped => "Stopped",
            Self::Contained => "Contained",
            Self::Succeeds => "Succeeds",
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
pub fn attacks_page(options: &LeptosOptions, matrix: Option<&Matrix>) -> String {
    document(options, "Attacks", Some("/lab/attacks"), || {
        let attacks = matrix.map(|matrix| {
            let attacks = matrix.attacks.iter().zip(1..);
            attacks.map(|(of, number)| attack(number, of, &matrix.modes)).collect_view()
        });
        view! {
            <p class="mt-4 max-w-3xl text-lg text-muted text-pretty">
                "The same attack on every mode, with the defences of this server and without them. Each attack runs against a new \
                sandbox, through the whole server. Where a defence is missing, the attacker's client sends what would arrive, and \
                be accepted, without it: the server itself keeps its defences."
            </p>
            {study_form("/lab/attacks", ["Attack", "Attack again"], matrix.map(|matrix| matrix.executed_at))}
            {attacks}
        }
        .into_any()
    })
}

fn attack(number: usize, of: &Attack, modes: &[ModeInfo]) -> impl IntoView + use<> {
    let id = format!("attack-{number}");
    let heads = modes.iter().map(|mode| view! { <th scope="col">{mode.name.clone()}</th> }).collect_view();
    let rows = of.trials.iter().map(|trial| {
        let results = trial.results.iter().zip(modes).map(|(of, mode)| result(of.as_ref(), mode)).collect_view();
        view! {
            <tr>
                <th scope="row">{trial.condition}</th>
                {results}
            </tr>
        }
    });
    let table = view! {
        <table class="lab-table lab-matrix">
            <thead>
                <tr>
                    <th scope="col">"Condition"</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    };
    view! {
        <section class="block-section" aria-labelledby=id.clone()>
            <h2 id=id.clone() class="section-title">{of.title}</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">{of.about}</p>
            {scrolled(id.clone(), table)}
        </section>
    }
}

fn result(of: Option<&AttackResult>, mode: &ModeInfo) -> impl IntoView + use<> {
    let mode = mode.id.to_string();
    let Some(of) = of else {
        return view! { <td data-mode=mode data-outcome="none" class="text-muted">"Does not apply"</td> }.into_any();
    };
    view! {
        <td data-mode=mode data-outcome=of.outcome.as_str()>
            {judged(of.outcome.tone(), of.outcome.as_str())}
            <p>{of.evidence.clone()}</p>
            <details>
                <summary>"The exchange"</summary>
                {exchange(&of.exchange)}
            </details>
        </td>
    }
    .into_any()
}
