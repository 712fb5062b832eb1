//! What four policies do with the second use of a refresh token: in a race of the owner's tabs, and in a theft.

mod model;

use std::sync::Arc;

use app::lab::{Choices, Person, Policies, Policy, PolicyResult, Text};
use auth::{AuthError, ModeInfo};

use self::model::{Model, Order, Rule};
use super::{race::Keys, study::Study};

/// The tabs of one browser.
const TABS: usize = 8;
/// Programs with copies of one token.
const PROGRAMS: usize = 64;

/// Who applies a policy.
#[derive(Clone, Copy)]
enum Server {
    /// The code of this server, in a sandbox with this setting.
    Sandbox(Policy),
    Model(Rule),
}

const POLICIES: [(Text, Text, Server); 4] = [
    (
        Text::fixed("This server", "이 서버"),
        Text::fixed(
            "The caller that used the token gets the same successor again, for 10 s. Any other second use ends the sign-in.",
            "토큰을 사용한 호출자는 10초 동안 같은 후속 토큰을 다시 받습니다. 그 밖의 두 번째 사용은 로그인을 끝냅니다.",
        ),
        Server::Sandbox(Policy::Default),
    ),
    (
        Text::fixed("Strict", "엄격"),
        Text::fixed(
            "Every second use ends the sign-in (RFC 9700, 4.14.2). REFRESH_GRACE=0 sets it here.",
            "두 번째 사용은 모두 로그인을 끝냅니다(RFC 9700, 4.14.2). 이 서버에서는 REFRESH_GRACE=0으로 설정합니다.",
        ),
        Server::Sandbox(Policy::Strict),
    ),
    (
        Text::fixed("Blacklist", "블랙리스트"),
        Text::fixed(
            "A used token is listed and refused; nothing else ends. So does SimpleJWT with ROTATE_REFRESH_TOKENS and \
             BLACKLIST_AFTER_ROTATION: it reads the list, then writes it, without a lock. A model, in \
             which all that arrive together read first.",
            "사용한 토큰을 목록에 올리고 거부합니다. 다른 것은 끝나지 않습니다. ROTATE_REFRESH_TOKENS와 BLACKLIST_AFTER_ROTATION을 켠 SimpleJWT가 이렇게 동작하며, 잠금 없이 목록을 읽은 다음 씁니다. 함께 도착한 요청이 모두 먼저 \
             읽는 모형입니다.",
        ),
        Server::Model(Rule::Blacklist),
    ),
    (
        Text::fixed("Siblings", "형제"),
        Text::fixed(
            "Each use gets a successor of its own, until the token expires. A model.",
            "토큰이 만료될 때까지, 사용할 때마다 새로운 후속 토큰을 받습니다. 모형입니다.",
        ),
        Server::Model(Rule::Siblings),
    ),
];

impl Study {
    /// Runs the races and the thefts, each with a new sign-in.
    ///
    /// # Errors
    /// Any error of a sandbox.
    pub async fn policies(&self) -> Result<Policies, AuthError> {
        let mut all = Policies { run_at: self.now.0, mode: None, results: Vec::new() };
        for (name, about, server) in POLICIES {
            let result = match server {
                Server::Model(rule) => modelled(name, about, rule).await?,
                Server::Sandbox(policy) => {
                    let sandbox = self.sandbox(Choices { policy, ..Choices::default() }).await?;
                    let Some(mode) = sandbox.modes().find(|mode| mode.renews_silently) else { break };
                    all.mode = Some(mode);
                    executed(name, about, &sandbox, mode).await?
                }
            };
            all.results.push(result);
        }
        Ok(all)
    }
}

async fn executed(
    policy: Text,
    about: Text,
    sandbox: &super::sandbox::Sandbox,
    mode: &'static ModeInfo,
) -> Result<PolicyResult, AuthError> {
    let tabs = sandbox.visitor(mode).await?.race(TABS, Keys::Shared).await?;
    Ok(PolicyResult {
        policy,
        about,
        // The tabs get one successor, and its renewal is how the race found out that it works.
        working: usize::from(tabs.alive),
        tabs,
        in_turn: None,
        programs: sandbox.visitor(mode).await?.race(PROGRAMS, Keys::Separate).await?,
        thief_first: sandbox.visitor(mode).await?.theft(Person::Thief).await?,
        owner_first: sandbox.visitor(mode).await?.theft(Person::Owner).await?,
    })
}

async fn modelled(policy: Text, about: Text, rule: Rule) -> Result<PolicyResult, AuthError> {
    let model = || Model::new(rule);
    let tabs = Arc::new(model()).race(TABS, Order::ReadsFirst).await?;
    let in_turn = Arc::new(model()).race(TABS, Order::InTurn).await?;
    Ok(PolicyResult {
        policy,
        about,
        // Only a policy that reads before it writes depends on the order.
        in_turn: (in_turn.race.issued != tabs.race.issued).then_some(in_turn.race),
        working: tabs.working,
        tabs: tabs.race,
        programs: Arc::new(model()).race(PROGRAMS, Order::ReadsFirst).await?.race,
        thief_first: model().theft(Person::Thief).await,
        owner_first: model().theft(Person::Owner).await,
    })
}

#[cfg(test)]
mod tests {
    use app::lab::{Race, Verdict};

    use super::*;

    fn count(race: &Race, verdict: Verdict) -> usize {
        race.attempts.iter().filter(|attempt| attempt.verdict == verdict).count()
    }

    /// What each policy must give, in the order of [`POLICIES`].
    #[tokio::test]
    async fn each_policy_ends_the_sign_ins_that_it_says() {
        let all = Study::for_tests().policies().await.unwrap();
        if all.mode.is_none() {
            return;
        }
        let tabs = all.results.iter().map(|of| {
            let counts = [Verdict::Rotated, Verdict::Retry, Verdict::Refused].map(|verdict| count(&of.tabs, verdict));
            (counts, of.tabs.issued, of.working)
        });
        let expected = [([1, 7, 0], 1, 1), ([1, 0, 7], 1, 0), ([8, 0, 0], 8, 8), ([8, 0, 0], 8, 8)];
        assert_eq!(tabs.collect::<Vec<_>>(), expected);

        let in_turn =
            all.results.iter().map(|of| of.in_turn.as_ref().map(|race| (count(race, Verdict::Refused), race.alive)));
        assert_eq!(in_turn.collect::<Vec<_>>(), [None, None, Some((7, true)), None]);

        let programs = all.results.iter().map(|of| (of.programs.issued, of.programs.alive));
        assert_eq!(programs.collect::<Vec<_>>(), [(1, false), (1, false), (64, true), (64, true)]);

        let ends =
            |of: &PolicyResult| [&of.thief_first, &of.owner_first].map(|story| (story.owner_works, story.thief_works));
        let (neither, both) = ((false, false), (true, true));
        let expected = [[neither; 2], [neither; 2], [(false, true), (true, false)], [both; 2]];
        assert_eq!(all.results.iter().map(ends).collect::<Vec<_>>(), expected);
    }
}
