//! The claims ledger: what tutorials say, and what an experiment found just now.

use leptos::prelude::*;

use super::report::{Claim, ClaimVerdict};
use crate::ssr::document;

/// The document. `ledger` is empty until the experiments have run.
#[must_use]
pub fn claims_page(options: &LeptosOptions, ledger: &[Claim]) -> String {
    document(options, "Claims", Some("/lab/claims"), || {
        let entries = ledger.iter().map(entry).collect_view();
        let button = if ledger.is_empty() { "Test the claims" } else { "Test them again" };
        view! {
            <p class="mt-4 max-w-3xl text-lg text-muted text-pretty">
                "Five Korean tutorials explain sessions, cookies, tokens and JWT. Each statement here is quoted from one of them and \
                tested by an experiment in a new sandbox."
            </p>
            <form method="post" action="/lab/claims" class="mt-6 flex flex-wrap items-center gap-4">
                <button class="button">{button}</button>
                <a class="link" href="/lab">"The lab"</a>
            </form>
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
                <strong>{name(claim.verdict)}</strong>
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
