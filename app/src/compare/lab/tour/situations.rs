//! Three situations. The learner chooses a mode, and the page says what follows from the choice.

use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    compare::lab::parts::{Tone, judged},
    types::{ModeInfo, Transport},
};

/// The modes that the learner chose, by their ids.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Answers {
    bank: Option<String>,
    partners: Option<String>,
    mobile: Option<String>,
}

/// A system that needs a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Situation {
    Bank,
    Partners,
    Mobile,
}

/// How well a mode suits a situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    Good,
    AtAPrice,
    Poor,
}

/// What matters about a mode here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A cookie with a row.
    StoredCookie,
    /// A cookie without a row.
    SealedCookie,
    /// A bearer token that lives as long as its row.
    StoredToken,
    /// A bearer token of minutes, with a refresh token.
    ShortToken,
}

impl Kind {
    fn of(mode: &ModeInfo) -> Self {
        match (mode.transport, mode.remembers, mode.renews_silently) {
            (Transport::Cookie, true, _) => Self::StoredCookie,
            (Transport::Cookie, false, _) => Self::SealedCookie,
            (Transport::Bearer, _, false) => Self::StoredToken,
            (Transport::Bearer, _, true) => Self::ShortToken,
        }
    }
}

impl Situation {
    const ALL: [Self; 3] = [Self::Bank, Self::Partners, Self::Mobile];

    fn name(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Partners => "partners",
            Self::Mobile => "mobile",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Bank => "The site of a bank",
            Self::Partners => "An API for partners",
            Self::Mobile => "A mobile app with a backend of services",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Bank => {
                "Customers use a browser. A customer who logs out at a public computer must be logged out. The site shows on which \
                 devices the customer is signed in, and ends one of them."
            }
            Self::Partners => {
                "Programs of other companies call the API each night. There is no browser. Each partner has a credential that can be \
                 listed and taken back by itself."
            }
            Self::Mobile => {
                "The app stays signed in for weeks. Each tap is answered by several services, and the service with the accounts must not \
                 be asked by all of them for each request."
            }
        }
    }

    fn judge(self, kind: Kind) -> (Fit, &'static str) {
        match (self, kind) {
            (Self::Bank, Kind::StoredCookie) => (
                Fit::Good,
                "A logout ends the row at once. The rows are the list of devices. No script can read the cookie, and the server renders \
                 the first page for the customer.",
            ),
            (Self::Bank, Kind::SealedCookie) => (
                Fit::Poor,
                "After a logout, a copy of the cookie works until it expires. There is no row, so there is no list of devices, and no way to \
                 end one of them.",
            ),
            (Self::Bank, Kind::StoredToken) => (
                Fit::AtAPrice,
                "It can be listed and ended at once. But an injected script takes the token away, and no page is rendered for the customer \
                 before a script has run.",
            ),
            (Self::Bank, Kind::ShortToken) => (
                Fit::AtAPrice,
                "It can be listed and ended. But a copied access token works for minutes after a logout, unless each request reads the \
                 sign-in. Then its signature saves nothing. A script can take it away, too.",
            ),
            (Self::Partners, Kind::StoredToken) => (
                Fit::Good,
                "One header, no renewal, no cookie jar. Each token is a row: it can be listed, and ended at once.",
            ),
            (Self::Partners, Kind::ShortToken) => (
                Fit::AtAPrice,
                "It works, and every partner must program the renewal. A renewal whose answer is lost is the partner's problem at night. \
                 It pays off when several services check the token without asking each other.",
            ),
            (Self::Partners, Kind::StoredCookie) => (
                Fit::Poor,
                "A program can keep cookies. But a cookie needs a defence against CSRF, which protects no program and must be passed by \
                 all of them.",
            ),
            (Self::Partners, Kind::SealedCookie) => (
                Fit::Poor,
                "The credential of one partner cannot be taken back: the server has no row of it. And a cookie needs a defence against \
                 CSRF, which protects no program.",
            ),
            (Self::Mobile, Kind::ShortToken) => (
                Fit::Good,
                "Each service checks the signature by a public key and asks no other service. An access token lives for minutes, and the second use \
                 of a refresh token shows a theft. Remember the price: within these minutes, nothing takes the token back.",
            ),
            (Self::Mobile, Kind::StoredToken) => (
                Fit::AtAPrice,
                "Simple and safe, and an end takes effect at once. But each service must ask the service with the accounts \
                 (introspection, RFC 7662) for each request, or keep its answer for some time.",
            ),
            (Self::Mobile, Kind::StoredCookie) => (
                Fit::Poor,
                "Each service would need the table of the sessions. One gateway in front of all services can have it: then this is a good \
                 choice between the app and the gateway.",
            ),
            (Self::Mobile, Kind::SealedCookie) => (
                Fit::Poor,
                "Each service would need the secret that opens the cookie, and could then also make one. A stolen phone could not be \
                 signed out by itself.",
            ),
        }
    }
}

impl Answers {
    fn of(&self, situation: Situation) -> Option<&str> {
        match situation {
            Situation::Bank => self.bank.as_deref(),
            Situation::Partners => self.partners.as_deref(),
            Situation::Mobile => self.mobile.as_deref(),
        }
    }
}

pub(super) fn situations(modes: &[ModeInfo], answers: &Answers) -> impl IntoView + use<> {
    let all = Situation::ALL.map(|situation| question(situation, modes, answers.of(situation)));
    view! {
        <section class="block-section" aria-labelledby="situations">
            <h2 id="situations" class="section-title">"Three situations"</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">"Choose a mode for each. The page says what follows from it."</p>
            <form method="get" action="/lab/tour#situations" class="lab-situations">
                {all.collect_view()} <button class="button self-start">"What follows?"</button>
            </form>
        </section>
    }
}

fn question(situation: Situation, modes: &[ModeInfo], chosen: Option<&str>) -> impl IntoView + use<> {
    let choices = modes.iter().map(|mode| {
        let id = mode.id.to_string();
        view! {
            <label class="choice">
                <input type="radio" name=situation.name() value=id.clone() checked=chosen == Some(id.as_str()) />
                <span>{mode.name.clone()}</span>
            </label>
        }
    });
    let answer = modes.iter().find(|mode| chosen == Some(mode.id.to_string().as_str())).map(|chosen| {
        let (fit, reason) = situation.judge(Kind::of(chosen));
        let best = modes.iter().find(|mode| situation.judge(Kind::of(mode)).0 == Fit::Good);
        let better = best
            .filter(|_| fit != Fit::Good)
            .map(|best| format!(" Better: {}. {}", best.name, situation.judge(Kind::of(best)).1));
        view! {
            <p class="lab-answer">
                {judged(tone(fit), format!("{}: {}. ", chosen.name, name(fit)))}
                {reason}
                {better}
            </p>
        }
    });
    view! {
        <fieldset>
            <legend>{situation.title()}</legend>
            <p class="text-muted text-pretty">{situation.about()}</p>
            <div class="flex flex-wrap gap-x-6 gap-y-2">{choices.collect_view()}</div>
            {answer}
        </fieldset>
    }
}

fn name(fit: Fit) -> &'static str {
    match fit {
        Fit::Good => "a good choice",
        Fit::AtAPrice => "it works, at a price",
        Fit::Poor => "a poor choice",
    }
}

fn tone(fit: Fit) -> Tone {
    match fit {
        Fit::Good => Tone::Good,
        Fit::AtAPrice => Tone::Mixed,
        Fit::Poor => Tone::Bad,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_situation_has_one_good_choice() {
        let kinds = [Kind::StoredCookie, Kind::SealedCookie, Kind::StoredToken, Kind::ShortToken];
        for situation in Situation::ALL {
            let good = kinds.into_iter().filter(|kind| situation.judge(*kind).0 == Fit::Good).count();
            assert_eq!(good, 1, "{situation:?}");
        }
    }
}
