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
    /// The id and the name of the mode, or `None` if no mode has a token that a browser renews.
    pub mode: Option<(&'static str, &'static str)>,
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
    let Some((id, mode)) = of.mode else {
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
            {card(of.policy, &of.tabs, of.working)}
            {of.in_turn.as_ref().map(|race| card(&format!("{}, one after another", of.policy), race, usize::from(race.alive)))}
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
            sources(),
        )}
        <section class="block-section" aria-labelledby="trees">
            <h2 id="trees" class="section-title">"Eight tabs, drawn"</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                {format!("{mode}. The disc on the left is the token. Each line is a tab that renews it. All tabs renew at the same time.")}
            </p>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                "With a blacklist and no lock, the result depends on the order. The model is run in two orders. In the first one, all tabs read \
                the list before the first one writes it: all are served. In the second one, each tab reads after the one before it has \
                written: one is served. A server in production is between the two, and each race can end in another way."
            </p>
            <div class="lab-grid">{trees.collect_view()}</div>
        </section>
        <section class="block-section" aria-labelledby="real-tabs">
            <h2 id="real-tabs" class="section-title">"With real tabs"</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                {format!("Log in by {mode} on this site. Then use this link several times: ")}
                <a class="link" href=format!("/me/{id}") target="_blank">{format!("{mode} in a new tab")}</a>
                ". Close the browser, and let it restore the tabs. A new page has no access token, so all tabs want to renew. They share a \
                lock and a key: one renews, and the others ask it for the result. A tab that gets no answer in time renews too, after the first \
                one. A browser without the lock shares the key alone: the server then answers with the same successor. "
                <a class="link" href=format!("/account/{id}/activity") target="_blank">"The activity of the account"</a>
                " shows one renewal, or a few, and none that was refused."
            </p>
        </section>
    }
    .into_any()
}

/// The tree of a race, and the new credentials that can still renew.
fn card(title: &str, race: &Race, working: usize) -> impl IntoView + use<> {
    view! {
        <section class="lab-race" data-policy=title.to_owned()>
            <h3>{title.to_owned()}</h3>
            {tree(race)}
            <p>{summary(race)}</p>
            <p class="font-medium">{format!("Working afterwards: {working} of {}.", race.issued)}</p>
        </section>
    }
}

fn sources() -> impl IntoView {
    view! {
        <p class="mt-3 text-muted">
            "Sources: "
            <a class="link" href="https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2">"RFC 9700, 4.14.2"</a>
            "; "
            <a class="link" href="https://django-rest-framework-simplejwt.readthedocs.io/en/latest/settings.html#blacklist-after-rotation">
                "BLACKLIST_AFTER_ROTATION of SimpleJWT"
            </a>
            "."
        </p>
    }
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
