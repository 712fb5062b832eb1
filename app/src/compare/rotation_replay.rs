use leptos::{html, prelude::*};

use crate::{
    calendar,
    client::{Afterwards, Replayed, SignIns},
    components::{ApiButton, Task},
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

    /// The first sentence.
    fn headline(&self) -> String {
        let what = if self.outcome.is_reuse() { "refresh token" } else { "credential" };
        match self.outcome.kind() {
            VerdictKind::Ended => format!("The server ended this sign-in: a replaced {what} was used again."),
            VerdictKind::Refused => format!("Generation {} was refused. The sign-in goes on.", self.generation),
            VerdictKind::Retry => {
                format!("Generation {} was accepted as a retry: the grace is not over.", self.generation)
            }
            VerdictKind::Accepted => format!("Generation {} is still accepted.", self.generation),
        }
    }
}

/// Uses the replaced credential once more, for real. If it is now accepted as a retry, only after the grace.
#[component]
pub(crate) fn ReplayButton(
    info: ModeInfo,
    /// Every second use ends the sign-in: there is no grace.
    ends_at_once: bool,
    /// The last second in which the server accepts a retry. Unknown without JavaScript.
    grace_until: Option<i64>,
    replayed: RwSignal<Option<ReplayResult>>,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let task = Task::new(None);
    let now = sign_ins.now();
    // The server still accepts a retry in the last second of the grace. The text does not count that second.
    let left = Memo::new(move |_| grace_until.map_or(0, |until| (until + 1 - now.get()).max(0)));
    let waits = Memo::new(move |_| left.get().is_positive());
    let action = format!("/api/{}/rotate/replay", info.id);
    let what = if info.renews_silently { "refresh token" } else { "credential" };
    let run = Callback::new(move |()| {
        let mode = info.id.clone();
        task.run(async move { sign_ins.replay_previous(&mode).await }, move |result| {
            _ = replayed.try_set(Some(ReplayResult::from(result)));
        });
    });
    let effect = move || match (grace_until, left.get()) {
        (_, left @ 1..) => {
            format!("Possible in {}, after the grace: it ends the sign-in.", calendar::span((left - 1).max(1)))
        }
        (Some(_), _) => "The grace is over: this ends the sign-in.".to_owned(),
        (None, _) if ends_at_once => "This ends the sign-in.".to_owned(),
        (None, _) => "After the grace, this ends the sign-in.".to_owned(),
    };
    view! {
        <div class="replay">
            <fieldset disabled=move || waits.get()>
                {move || {
                    let label = if waits.get() { "Replay it later" } else { "Replay it" };
                    view! { <ApiButton action=action.clone() label quiet=true task run /> }
                }}
            </fieldset>
            <p class="text-sm text-muted tabular-nums" data-testid="replay-wait">
                {format!("Uses the old {what} again, as a thief with a copy would. ")} {effect}
            </p>
        </div>
    }
}

/// What the second use has caused. It stays on the page when the sign-in is over, and takes the focus that the button
/// has lost.
#[component]
pub(crate) fn ReplayReport(replayed: RwSignal<Option<ReplayResult>>) -> impl IntoView {
    let now = expect_context::<SignIns>().now();
    let report = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(report) = report.get() {
            // After the next rendering, which removes the button if the sign-in is over.
            request_animation_frame(move || {
                if document().active_element().is_none_or(|element| element.tag_name() == "BODY") {
                    // Fails only if the element cannot be focused. The focus then stays where it is.
                    _ = report.focus();
                }
            });
        }
    });
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
        let stolen = result.ended().then_some(" It may have been stolen.");
        Some(view! {
            <div
                class="replay-report"
                role="alert"
                tabindex="-1"
                data-testid="replayed"
                data-verdict=result.outcome.kind().as_str()
                node_ref=report
            >
                <p>
                    <strong>{result.headline()}</strong>
                    {stolen}
                </p>
                {afterwards}
            </div>
        })
    }
}

const NOT_READ: &str = "The access check does not read the row of the sign-in for this credential. With ACCESS_CHECK=sign-in the \
    server refuses it at once.";
