//! What four policies do with the second use of a refresh token.

use leptos::prelude::*;

use super::{
    parts::{Head, Tone, judged, study_form, table_section},
    race::{summary, tree},
    report::{Race, Story},
    stories::end,
};
use crate::ssr::document;

/// The policies, and when they were tried.
#[derive(Clone, Debug)]
pub struct Policies {
    /// Unix seconds.
    pub run_at: i64,
    /// The name of the mode, or `None` if no mode has a token that a browser renews.
    pub mode: Option<&'static str>,
    pub results: Vec<PolicyResult>,
}

/// What one policy comes to.
#[derive(Clone, Debug)]
pub struct PolicyResult {
    pub policy: &'static str,
    /// What it does with a second use, and who applies it.
    pub about: &'static str,
    /// The tabs of one browser, which share an `Idempotency-Key`.
    pub tabs: Race,
    /// Programs, each with a key of its own.
    pub programs: Race,
    pub thief_first: Story,
    pub owner_first: Story,
}

/// The document. `policies` is `None` until they have been tried.
#[must_use]
pub fn policies_page(options: &LeptosOptions, policies: Option<&Policies>) -> String {
    document(options, "Four policies", Some("/lab/policies"), || {
        view! {
            <p class="mt-4 max-w-3xl text-lg text-muted text-pretty">
                "A refresh token is used a second time. Its owner may have two tabs, or a request that was sent twice. Or a thief has a \
                copy. The server sees the same request. Four policies, in a race and in a theft."
            </p>
            {study_form("/lab/policies", ["Try the policies", "Try the policies again"], policies.map(|of| of.run_at))}
            {policies.map(results)}
        }
        .into_any()
    })
}

fn results(of: &Policies) -> AnyView {
    let Some(mode) = of.mode else {
        return view! { <p class="mt-6">"No mode of this server has a token that a browser renews."</p> }.into_any();
    };
    let rows = of.results.iter().map(|of| {
        view! {
            <tr data-policy=of.policy>
                <th scope="row">{of.policy}</th>
                <td>{of.about}</td>
                {[&of.tabs, &of.programs].map(|race| view! { <td>{summary(race)} " " {alive(race)}</td> }).collect_view()}
                {[&of.thief_first, &of.owner_first].map(|story| view! { <td>{signed_in(story)}</td> }).collect_view()}
            </tr>
        }
    });
    let head = [
        "Policy",
        "A second use",
        "8 tabs at once",
        "64 programs at once",
        "The thief renews first",
        "The owner renews first",
    ];
    let trees = of.results.iter().map(|of| {
        view! {
            <section class="lab-race" data-policy=of.policy>
                <h3>{of.policy}</h3>
                {tree(&of.tabs)}
                <p>{summary(&of.tabs)}</p>
            </section>
        }
    });
    view! {
        {table_section(
            "policies",
            "The policies",
            "The last two columns say who is signed in after a theft in which both sides renewed. Only an end of the sign-in tells the \
             owner about the theft.",
            head.map(Head::Text),
            rows.collect_view(),
            (),
        )}
        <section class="block-section" aria-labelledby="trees">
            <h2 id="trees" class="section-title">"Eight tabs, drawn"</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                {format!("{mode}. The disc on the left is the token. Each line is a tab that renews it. All tabs renew at the same time.")}
            </p>
            <div class="lab-grid">{trees.collect_view()}</div>
        </section>
        <section class="block-section" aria-labelledby="real-tabs">
            <h2 id="real-tabs" class="section-title">"With real tabs"</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                {format!(
                    "Log in by {mode} on this site, and open its page in several tabs. Close the browser, wait until the access token has \
                     expired, and let the browser restore the tabs: all of them want to renew. The activity of the account shows few \
                     renewals and no refusal, because the tabs share a lock and a key. A browser without the lock shares the key alone: the server then answers with the \
                     same successor."
                )}
            </p>
        </section>
    }
    .into_any()
}

fn alive(race: &Race) -> impl IntoView + use<> {
    if race.alive {
        judged(Tone::Good, "The owner is still signed in.")
    } else {
        judged(Tone::Bad, "The sign-in has ended.")
    }
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
