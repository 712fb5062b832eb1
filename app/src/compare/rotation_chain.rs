use leptos::prelude::*;

use crate::{
    client::SignIns,
    components::{Announcement, ApiButton, Task, signed_in_user},
    types::{ModeInfo, RotationTrial, VerdictKind},
};

use super::{
    rotation_replay::{ReplayButton, ReplayResult},
    rotation_verdict::{Attempt, TrialVerdict, VerdictLine},
};

/// A rotation, and the server's answers to the replaced credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trial {
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// Unknown without JavaScript.
    pub(crate) rotated_at: Option<i64>,
    pub(crate) sign_in: TrialVerdict,
    pub(crate) rotate: TrialVerdict,
}

impl Trial {
    /// The last second in which the server accepts the replaced credential as a retry.
    fn grace_until(&self) -> Option<i64> {
        Some(self.rotated_at? + self.rotate.grace()?)
    }

    /// Whether a second use is something else than this trial: after the grace, or because it ends the sign-in.
    fn can_be_replayed(&self) -> bool {
        matches!(self.rotate.kind(), VerdictKind::Retry | VerdictKind::Ended)
    }
}

impl From<RotationTrial> for Trial {
    fn from(trial: RotationTrial) -> Self {
        Self {
            from: trial.previous.generation,
            to: trial.issued.auth.generation,
            rotated_at: Some(trial.issued.auth.issued_at),
            sign_in: TrialVerdict::Known(trial.to_sign_in),
            rotate: TrialVerdict::Known(trial.to_rotate),
        }
    }
}

/// The generations of one credential that this page has seen, with a button for the next rotation.
#[component]
pub(crate) fn RotationChain(
    info: ModeInfo,
    /// The result of a form without JavaScript.
    first: Option<Trial>,
    replayed: RwSignal<Option<ReplayResult>>,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let me = signed_in_user(&info.id);
    let generation = move || me.get().map(|me| me.auth.generation);
    let trials = RwSignal::new(Vec::from_iter(first));
    let task = Task::new(None);
    let id = info.id.clone();
    let name = info.name.clone();
    let run = Callback::new(move |()| {
        let (id, name) = (id.clone(), name.clone());
        task.run(async move { sign_ins.rotate_trial(&id).await }, move |trial| {
            let trial = Trial::from(trial);
            _ = replayed.try_set(None);
            announcement.show(format!("{name}: generation {} replaced by generation {}.", trial.from, trial.to));
            _ = trials.try_update(|trials| trials.push(trial));
        });
    });
    let label = format!("Generations of {}", info.name);
    let renews = info.renews_silently;
    let action = format!("/api/{}/rotate/trial", info.id);
    let of_replay = info;
    let replay = move || {
        let last = trials.with(|trials| trials.last().cloned()).filter(Trial::can_be_replayed)?;
        let ends_at_once = last.rotate.kind() == VerdictKind::Ended;
        Some(view! { <ReplayButton info=of_replay.clone() ends_at_once grace_until=last.grace_until() replayed /> })
    };
    view! {
        <ApiButton action label="Rotate and try the old one" task run />
        <ol aria-label=label class="chain">
            <For each=move || trials.get() key=|trial| trial.to let:trial>
                <Predecessor trial renews />
            </For>
            <li class="current">
                "Generation " <span data-testid="generation" class="tabular-nums">{generation}</span> ": in use"
            </li>
        </ol>
        {move || {
            let text = trials.with(|trials| trials.last().map(conclusion));
            text.map(|text| view! { <p class="text-pretty text-muted">{text}</p> })
        }}
        {replay}
    }
}

#[component]
fn Predecessor(
    trial: Trial,
    /// The mode has two tokens: one opens `/me`, the other one rotates.
    renews: bool,
) -> impl IntoView {
    let Trial { from, to, sign_in, rotate, .. } = trial;
    let (opening, rotating) = if renews {
        ("Opening /me with the old access token".to_owned(), "Rotating with the old refresh token".to_owned())
    } else {
        (format!("Opening /me with generation {from}"), format!("Rotating generation {from} again"))
    };
    view! {
        <li>
            <p class="font-medium">{format!("Generation {from}: replaced by generation {to}")}</p>
            <VerdictLine attempt=Attempt::SignIn tried=opening verdict=sign_in />
            <VerdictLine attempt=Attempt::Rotate tried=rotating verdict=rotate />
        </li>
    }
}

/// Explains the two verdicts. The text depends on the verdicts and not on the mode's name, so it is also right for a
/// new mode.
fn conclusion(trial: &Trial) -> &'static str {
    use VerdictKind::{Accepted, Ended, Refused, Retry};
    match (trial.sign_in.kind(), trial.rotate.kind()) {
        (Accepted, Retry) => {
            "Both are still accepted, for different reasons. The old access token opens /me, because the server has no \
             record of single access tokens, so a rotation ends none. The old refresh token was accepted as a retry, because the \
             same browser repeated the renewal within the grace, as after a lost answer or from a second tab. Later, or from \
             another client, the server treats it as theft and ends the sign-in."
        }
        (Accepted, Accepted) => {
            "The rotation made a second credential and did not end the first: the server has no record that it could delete. The \
             old one is accepted until it expires. Where the server compares epochs (ACCESS_CHECK=account or sign-in), a change \
             that ends all sign-ins of this account or of this mode ends it, too."
        }
        (Accepted, Ended) => {
            "The old access token still opens /me: the server has no record of single access tokens, so a rotation ends none. The \
             old refresh token has no second use: two parties may hold it, and the server cannot tell which of them stole it."
        }
        (Accepted, Refused) => {
            "The old one cannot be renewed any more, but it still opens /me: the server has no record of single access tokens, so \
             a rotation ends none. That is why it is valid for minutes only."
        }
        (_, Retry | Accepted) => {
            "The old one no longer opens /me. It was accepted for a repeated rotation as a retry, which the server allows for a few \
             seconds: after a lost answer or from a second tab."
        }
        (_, Ended) => {
            "The old one stopped working the moment it was replaced. The server also takes its second use as a sign of theft, and \
             ends the sign-in of both parties."
        }
        (_, Refused) => {
            "The old one stopped working the moment it was replaced, because the server looks the credential up on each request. \
             A stolen copy stops working as soon as you rotate."
        }
    }
}
