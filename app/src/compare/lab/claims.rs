//! The claims ledger: what tutorials say, and what an experiment found just now.

use leptos::prelude::*;

use super::{
    parts::{Tone, judged, study_form},
    report::{Claim, ClaimVerdict},
    text::Text,
};
use crate::{
    Locale,
    locale::tr,
    ssr::{Heading, document},
};

/// The claims, and when they were tested.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// Unix seconds.
    pub tested_at: i64,
    pub claims: Vec<Claim>,
}

/// The document. `ledger` is `None` until the experiments have run.
#[must_use]
pub fn claims_page(options: &LeptosOptions, locale: Locale, ledger: Option<&Ledger>) -> String {
    document(options, locale, Heading { title: || tr("Claims", "주장"), path: Some("/lab/claims") }, || {
        let entries = ledger.map(|ledger| ledger.claims.iter().map(entry).collect_view());
        view! {
            <p class="mt-4 max-w-3xl text-lg text-muted text-pretty">
                {tr(
                    "Five Korean tutorials explain sessions, cookies, tokens and JWT. Each statement here is quoted from one of them and \
                    tested by an experiment in a new sandbox. Three dots stand for words that are left out.",
                    "한국어 튜토리얼 다섯 개가 세션, 쿠키, 토큰, JWT를 설명합니다. 여기의 문장은 모두 그중 하나에서 인용한 것이며, 새 \
                    샌드박스에서 실험으로 검증합니다. 점 세 개는 생략한 말을 뜻합니다.",
                )}
            </p>
            {study_form(
                "/lab/claims",
                tr(["Test the claims", "Test them again"], ["주장 검증하기", "다시 검증하기"]),
                ledger.map(|ledger| ledger.tested_at),
            )}
            <div class="lab-claims">{entries}</div>
        }
        .into_any()
    })
}

fn entry(claim: &Claim) -> impl IntoView + use<> {
    view! {
        <article class="lab-claim" data-verdict=word(claim.verdict).english().to_owned()>
            <blockquote>
                <p lang="ko" translate="no">{format!("“{}”", claim.words)}</p>
                <footer>{claim.source.shown()}</footer>
            </blockquote>
            <h2>{claim.meaning.shown()}</h2>
            <p class="text-sm text-muted">{claim.experiment.shown()}</p>
            <p>
                {judged(tone(claim.verdict), word(claim.verdict).shown())}
                ". "
                {claim.evidence.shown()}
            </p>
        </article>
    }
}

const fn word(verdict: ClaimVerdict) -> Text {
    match verdict {
        ClaimVerdict::Holds => Text::fixed("True", "사실"),
        ClaimVerdict::Partly => Text::fixed("Half true", "절반만 사실"),
        ClaimVerdict::Fails => Text::fixed("False", "거짓"),
    }
}

fn tone(verdict: ClaimVerdict) -> Tone {
    match verdict {
        ClaimVerdict::Holds => Tone::Good,
        ClaimVerdict::Partly => Tone::Mixed,
        ClaimVerdict::Fails => Tone::Bad,
    }
}
