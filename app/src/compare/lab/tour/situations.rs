//! Three situations. The learner chooses a mode, and the page says what follows from the choice.

use auth::{ModeInfo, Transport};
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    compare::lab::{
        parts::{Tone, judged},
        text::Text,
    },
    locale::tr,
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
            Self::Bank => tr("The site of a bank", "은행 사이트"),
            Self::Partners => tr("An API for partners", "제휴사를 위한 API"),
            Self::Mobile => tr("A mobile app with a backend of services", "여러 서비스로 된 백엔드가 있는 모바일 앱"),
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Bank => tr(
                "Customers use a browser. A customer who logs out at a public computer must be logged out. The site shows on which \
                 devices the customer is signed in, and ends one of them.",
                "고객은 브라우저를 씁니다. 고객이 공용 컴퓨터에서 로그아웃하면 로그인이 실제로 끝나야 합니다. 사이트는 고객이 로그인한 기기를 보여 주고, 그중 한 기기의 로그인을 끝낼 수 있습니다.",
            ),
            Self::Partners => tr(
                "Programs of other companies call the API each night. There is no browser. Each partner has a credential that can be \
                 listed and taken back by itself.",
                "다른 회사의 프로그램이 매일 밤 API를 호출합니다. 브라우저는 없습니다. 제휴사마다 따로 조회하고 회수할 수 있는 인증 정보가 있습니다.",
            ),
            Self::Mobile => tr(
                "The app stays signed in for weeks. Each tap is answered by several services, and the service with the accounts must not \
                 be asked by all of them for each request.",
                "앱은 몇 주 동안 로그인되어 있습니다. 한 번 누를 때마다 여러 서비스가 응답하며, 모든 서비스가 요청마다 계정 서비스에 물어서는 안 됩니다.",
            ),
        }
    }

    fn judge(self, kind: Kind) -> (Fit, &'static str) {
        match (self, kind) {
            (Self::Bank, Kind::StoredCookie) => (
                Fit::Good,
                tr(
                    "A logout ends the row at once. The rows are the list of devices. No script can read the cookie, and the server renders \
                 the first page for the customer.",
                    "로그아웃하면 행이 즉시 끝납니다. 행들이 곧 기기 목록입니다. 스크립트는 쿠키를 읽을 수 없고, 서버가 고객의 첫 페이지를 렌더링합니다.",
                ),
            ),
            (Self::Bank, Kind::SealedCookie) => (
                Fit::Poor,
                tr(
                    "After a logout, a copy of the cookie works until it expires. There is no row, so there is no list of devices, and no way to \
                 end one of them.",
                    "로그아웃한 뒤에도 쿠키의 복사본은 만료될 때까지 유효합니다. 행이 없으므로 기기 목록도 없고, 기기 하나의 로그인만 끝낼 방법도 없습니다.",
                ),
            ),
            (Self::Bank, Kind::StoredToken) => (
                Fit::AtAPrice,
                tr(
                    "It can be listed and ended at once. But an injected script takes the token away, and no page is rendered for the customer \
                 before a script has run.",
                    "목록을 볼 수 있고 즉시 끝낼 수 있습니다. 그러나 주입된 스크립트가 토큰을 가져갈 수 있고, 스크립트가 실행되기 전에는 고객의 페이지가 렌더링되지 않습니다.",
                ),
            ),
            (Self::Bank, Kind::ShortToken) => (
                Fit::AtAPrice,
                tr(
                    "It can be listed and ended. But a copied access token works for minutes after a logout, unless each request reads the \
                 sign-in. Then its signature saves nothing. A script can take it away, too.",
                    "목록을 볼 수 있고 끝낼 수 있습니다. 그러나 복사된 액세스 토큰은 로그아웃한 뒤 몇 분 동안 유효합니다. 요청마다 로그인을 읽으면 막을 수 있지만, 그러면 서명으로 절약하는 것이 없습니다. 스크립트도 토큰을 가져갈 수 있습니다.",
                ),
            ),
            (Self::Partners, Kind::StoredToken) => (
                Fit::Good,
                tr(
                    "One header, no renewal, no cookie jar. Each token is a row: it can be listed, and ended at once.",
                    "헤더 하나면 되고, 갱신도 쿠키 저장소도 필요 없습니다. 토큰마다 행이 있어 목록을 볼 수 있고 즉시 끝낼 수 있습니다.",
                ),
            ),
            (Self::Partners, Kind::ShortToken) => (
                Fit::AtAPrice,
                tr(
                    "It works, and every partner must program the renewal. A renewal whose answer is lost is the partner's problem at night. \
                 It pays off when several services check the token without asking each other.",
                    "가능하지만 모든 제휴사가 갱신을 구현해야 합니다. 응답을 잃어버린 갱신은 밤중에 제휴사의 문제가 됩니다. 여러 서비스가 서로 묻지 않고 토큰을 검사할 때 가치가 있습니다.",
                ),
            ),
            (Self::Partners, Kind::StoredCookie) => (
                Fit::Poor,
                tr(
                    "A program can keep cookies. But a cookie needs a defence against CSRF, which protects no program and must be passed by \
                 all of them.",
                    "프로그램도 쿠키를 보관할 수 있습니다. 그러나 쿠키에는 CSRF 방어가 필요하고, 이 방어는 어떤 프로그램도 보호하지 않지만, 모든 프로그램이 이를 통과해야 합니다.",
                ),
            ),
            (Self::Partners, Kind::SealedCookie) => (
                Fit::Poor,
                tr(
                    "The credential of one partner cannot be taken back: the server has no row of it. And a cookie needs a defence against \
                 CSRF, which protects no program.",
                    "제휴사 하나의 인증 정보만 회수할 수는 없습니다. 서버에 그 행이 없기 때문입니다. 그리고 쿠키에는 CSRF 방어가 필요하지만, 이 방어는 어떤 프로그램도 보호하지 않습니다.",
                ),
            ),
            (Self::Mobile, Kind::ShortToken) => (
                Fit::Good,
                tr(
                    "Each service checks the signature by a public key and asks no other service. An access token lives for minutes, and the second use \
                 of a refresh token shows a theft. Remember the price: within these minutes, nothing takes the token back.",
                    "각 서비스가 공개 키로 서명을 검사하고 다른 서비스에 묻지 않습니다. 액세스 토큰의 수명은 몇 분이고, 리프레시 토큰의 두 번째 사용으로 탈취가 드러납니다. 대가를 기억하십시오. 그 몇 분 동안은 토큰을 회수할 수 없습니다.",
                ),
            ),
            (Self::Mobile, Kind::StoredToken) => (
                Fit::AtAPrice,
                tr(
                    "Simple and safe, and an end takes effect at once. But each service must ask the service with the accounts \
                 (introspection, RFC 7662) for each request, or keep its answer for some time.",
                    "단순하고 안전하며, 끝내면 즉시 효력이 있습니다. 그러나 각 서비스가 요청마다 계정 서비스에 묻거나(인트로스펙션, RFC 7662) 그 답을 잠시 보관해야 합니다.",
                ),
            ),
            (Self::Mobile, Kind::StoredCookie) => (
                Fit::Poor,
                tr(
                    "Each service would need the table of the sessions. One gateway in front of all services can have it: then this is a good \
                 choice between the app and the gateway.",
                    "각 서비스에 세션 테이블이 필요합니다. 모든 서비스 앞의 게이트웨이 하나가 테이블을 가질 수 있고, 그러면 앱과 게이트웨이 사이에서는 좋은 선택입니다.",
                ),
            ),
            (Self::Mobile, Kind::SealedCookie) => (
                Fit::Poor,
                tr(
                    "Each service would need the secret that opens the cookie, and could then also make one. A stolen phone could not be \
                 signed out by itself.",
                    "각 서비스에 쿠키를 여는 비밀값이 필요하고, 그러면 서비스가 쿠키를 만들 수도 있습니다. 도난당한 휴대폰 한 대만 로그아웃시킬 수도 없습니다.",
                ),
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

pub(super) fn situations(modes: &[&'static ModeInfo], answers: &Answers) -> impl IntoView + use<> {
    let all = Situation::ALL.map(|situation| question(situation, modes, answers.of(situation)));
    view! {
        <section class="block-section" aria-labelledby="situations">
            <h2 id="situations" class="section-title">{tr("Three situations", "세 가지 상황")}</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                {tr(
                    "Choose a mode for each. The page says what follows from it.",
                    "상황마다 방식을 고르십시오. 그 선택의 결과를 보여 줍니다.",
                )}
            </p>
            <form method="get" action="/lab/tour#situations" class="lab-situations">
                {all.collect_view()} <button class="button self-start">{tr("What follows?", "결과 보기")}</button>
            </form>
        </section>
    }
}

fn question(situation: Situation, modes: &[&'static ModeInfo], chosen: Option<&str>) -> impl IntoView + use<> {
    let choices = modes.iter().map(|mode| {
        let id = mode.id.0;
        view! {
            <label class="choice">
                <input type="radio" name=situation.name() value=id checked=chosen == Some(id) />
                <span>{Text::of_mode(mode).shown()}</span>
            </label>
        }
    });
    let answer = modes.iter().find(|mode| chosen == Some(mode.id.0)).map(|chosen| {
        let (fit, reason) = situation.judge(Kind::of(chosen));
        let best = modes.iter().find(|mode| situation.judge(Kind::of(mode)).0 == Fit::Good);
        let better = best.filter(|_| fit != Fit::Good).map(|best| {
            format!(
                " {}: {}. {}",
                tr("Better", "더 나은 선택"),
                Text::of_mode(best).shown(),
                situation.judge(Kind::of(best)).1
            )
        });
        view! {
            <p class="lab-answer">
                {judged(tone(fit), format!("{}: {}. ", Text::of_mode(chosen).shown(), name(fit)))}
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
        Fit::Good => tr("a good choice", "좋은 선택"),
        Fit::AtAPrice => tr("it works, at a price", "가능하지만 대가가 있음"),
        Fit::Poor => tr("a poor choice", "나쁜 선택"),
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
