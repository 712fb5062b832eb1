use leptos::prelude::*;

use crate::{
    calendar,
    client::{Afterwards, Replayed, SignIns},
    components::{Announcement, ApiButton, Task},
    types::{ModeInfo, VerdictKind},
};

use super::rotation_verdict::TrialVerdict;

/// The result of a real second use of the replaced credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReplayResult {
    pub(crate) generation: i64,
    pub(crate) outcome: TrialVerdict,
    pub(crate) afterwards: Option<Afterwards>,
}

impl From<Replayed> for ReplayResult {
    fn from(Replayed { replay, afterwards }: Replayed) -> Self {
        Self { generation: replay.generation, outcome: TrialVerdict::Known(replay.outcome), afterwards }
    }
}

impl ReplayResult {
    pub(crate) fn ended(&self) -> bool {
        self.outcome.kind() == VerdictKind::Ended
    }

    /// The first sentence, also for the live region.
    fn headline(&self) -> String {
        let what = if self.outcome.is_reuse() { "refresh token" } else { "credential" };
        match self.outcome.kind() {
            VerdictKind::Ended => format!("The server ended this sign-in: a replaced {what} was used again."),
            VerdictKind::Refused => format!("Generation {} was refused. The sign-in goes on.", self.generation),
            VerdictKind::Retry => {
                format!("Generation {} was accepted as a retry: the grace is not over.", self.generation)
            }
            VerdictKind::Accepted => format!("Generation {} is still valid.", self.generation),
        }
    }
}

/// Uses the replaced credential once more, for real. If it is now accepted as a retry, only after the grace.
#[component]
pub(crate) fn ReplayButton(
    info: ModeInfo,
    /// The last second in which the server accepts a retry.
    grace_until: Option<i64>,
    replayed: RwSignal<Option<ReplayResult>>,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let task = Task::new(None);
    let now = sign_ins.now();
    let left = Memo::new(move |_| grace_until.map_or(0, |until| (until + 1 - now.get()).max(0)));
    let label = if grace_until.is_some() { "Replay it later" } else { "Replay it" };
    let action = format!("/api/{}/rotate/replay", info.id);
    let run = Callback::new(move |()| {
        let ModeInfo { id, name, .. } = info.clone();
        task.run(async move { sign_ins.replay_previous(&id).await }, move |result| {
            let result = ReplayResult::from(result);
            let message = format!("{name}: {}", result.headline());
            _ = replayed.try_set(Some(result));
            // After the effect that removes the messages from before the end of a sign-in.
            request_animation_frame(move || announcement.show(message));
        });
    });
    let wait = move || match (grace_until, left.get()) {
        (_, 1..) => format!("Possible in {}, after the grace.", calendar::span(left.get())),
        (Some(_), _) => "The grace is over: now a second use counts as theft.".to_owned(),
        (None, _) => "A second use for real, as by a thief with a copy.".to_owned(),
    };
    view! {
        <div class="replay">
            <fieldset disabled=move || left.get().is_positive()>
                <ApiButton action label quiet=true task run />
            </fieldset>
            <p class="text-sm text-muted tabular-nums" data-testid="replay-wait">{wait}</p>
        </div>
    }
}

/// What the second use has caused. It stays on the page when the sign-in is over.
#[component]
pub(crate) fn ReplayReport(replayed: RwSignal<Option<ReplayResult>>) -> impl IntoView {
    let now = expect_context::<SignIns>().now();
    move || {
        let result = replayed.get()?;
        let afterwards = result.afterwards.map(|answer| {
            let (verdict, words, rest) = match answer {
                Afterwards::Accepted { until } => {
                    let until = calendar::human(until, now.get_untracked());
                    let why = if result.ended() { NOT_READ } else { "" };
                    ("accepted", "still accepted", format!(" until {until}. {why}"))
                }
                Afterwards::Refused => ("refused", "refused", ".".to_owned()),
            };
            view! {
                <p data-testid="replay-afterwards" data-verdict=verdict>
                    "Opening /me with the newest credential of this browser: "
                    <strong>{words}</strong>
                    {rest}
                </p>
            }
        });
        Some(view! {
            <div class="replay-report" data-testid="replayed" data-verdict=result.outcome.kind().as_str()>
                <p>
                    <strong>{result.headline()}</strong>
                </p>
                {afterwards}
            </div>
        })
    }
}

const NOT_READ: &str = "The access check does not read the row of the sign-in for this credential. With ACCESS_CHECK=sign-in the \
    server refuses it at once.";
