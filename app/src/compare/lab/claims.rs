//! The claims ledger: what tutorials say, and what an experiment found just now.

use leptos::prelude::*;

use super::{
    parts::{Tone, judged, study_form},
    report::{Claim, ClaimVerdict},
};
use crate::ssr::document;

/// The claims, and when they were tested.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// Unix seconds.
    pub tested_at: i64,
    pub claims: Vec<Claim>,
}

/// The document. `ledger` is `None` until the experiments have run.
#[must_use]
pub fn claims_page(options: &LeptosOptions, ledger: Option<&Ledger>) -> String {
    document(options, "Claims", Some("/lab/claims"), || {
        let entries = ledger.map(|ledger| ledger.claims.iter().map(entry).collect_view());
        view! {
            <p class="mt-4 max-w-3xl text-lg text-muted text-pretty">
                "Five Korean tutorials explain sessions, cookies, tokens and JWT. Each statement here is quoted from one of them and \
                tested by an experiment in a new sandbox. Three dots stand for words that are left out."
            </p>
            {study_form("/lab/claims", ["Test the claims", "Test them again"], ledger.map(|ledger| ledger.tested_at))}
            <div class="lab-claims">{entries}</div>
        }
        .into_any()
    })
}

fn entry(claim: &Claim) -> impl IntoView + use<> {
    view! {
        <article class="lab-claim" data-verdict=name(claim.verdict)>
            <blockquote>
                <p lang="ko">{format!("“{}”", claim.korean)}</p>
                <footer>{claim.source}</footer>
            </blockquote>
            <h2>{claim.english}</h2>
            <p class="text-sm text-muted">{claim.experiment}</p>
            <p>
                {judged(tone(claim.verdict), name(claim.verdict))}
                ". "
                {claim.evidence.clone()}
            </p>
        </article>
    }
}

fn name(verdict: ClaimVerdict) -> &'static str {
    match verdict {
        ClaimVerdict::Holds => "True",
        ClaimVerdict::Partly => "Half true",
        ClaimVerdict::Fails => "False",
    }
}

fn tone(verdict: ClaimVerdict) -> Tone {
    match verdict {
        ClaimVerdict::Holds => Tone::Good,
        ClaimVerdict::Partly => Tone::Mixed,
        ClaimVerdict::Fails => Tone::Bad,
    }
}
