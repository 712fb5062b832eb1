use leptos::prelude::*;

use crate::{
    sign_ins::SignIns,
    types::{ModeInfo, RotationTrial},
};

use super::{Announcement, ApiButton, Outcome, Task, VerdictLine, who};

/// A rotation, and how its predecessor fared when it was presented again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trial {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) sign_in: Outcome,
    pub(crate) rotate: Outcome,
}

impl From<RotationTrial> for Trial {
    fn from(trial: RotationTrial) -> Self {
        Self {
            from: trial.previous.generation,
            to: trial.issued.auth.generation,
            sign_in: trial.to_sign_in.into(),
            rotate: trial.to_rotate.into(),
        }
    }
}

/// The generations of one credential as far as this page saw them, with the button that makes the next one.
#[component]
pub(crate) fn RotationChain(
    info: ModeInfo,
    /// What a form without JavaScript came back with.
    first: Option<Trial>,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let me = who(&info.id);
    let generation = move || me.get().map(|me| me.auth.generation);
    let trials = RwSignal::new(Vec::from_iter(first));
    let task = Task::new(None);
    let id = info.id.clone();
    let name = info.name.clone();
    let run = Callback::new(move |()| {
        let (id, name) = (id.clone(), name.clone());
        task.run(async move { sign_ins.rotate_trial(&id).await }, move |trial| {
            let trial = Trial::from(trial);
            announcement.say(format!("{name}: generation {} replaced by generation {}.", trial.from, trial.to));
            _ = trials.try_update(|trials| trials.push(trial));
        });
    });
    let label = format!("Generations by {}", info.name);
    let action = format!("/api/{}/rotate/trial", info.id);
    view! {
        <ApiButton action label="Rotate and try the old one" task run />
        <ol aria-label=label class="chain">
            <For each=move || trials.get() key=|trial| trial.to let:trial>
                <Predecessor trial />
            </For>
            <li class="current">
                "Generation " <span data-testid="generation" class="tabular-nums">{generation}</span> ": in use"
            </li>
        </ol>
        <p class="text-pretty text-muted">{move || trials.with(|trials| trials.last().map(|last| conclusion(&info, last)))}</p>
    }
}

#[component]
fn Predecessor(trial: Trial) -> impl IntoView {
    let Trial { from, to, sign_in, rotate } = trial;
    view! {
        <li>
            <p class="font-medium">{format!("Generation {from}: replaced by generation {to}")}</p>
            <VerdictLine tried=format!("Opening /me with generation {from}") outcome=sign_in testid="verdict-sign-in" />
            <VerdictLine tried=format!("Rotating generation {from} again") outcome=rotate testid="verdict-rotate" />
        </li>
    }
}

/// What to learn from two verdicts. They decide and not the mode's name, so a new mode is explained before anybody writes a
/// word about it.
fn conclusion(info: &ModeInfo, trial: &Trial) -> &'static str {
    match (trial.sign_in.is_accepted(), trial.rotate.is_accepted()) {
        (false, false) => {
            "The predecessor died in the moment of the rotation, because the server looks the credential up each time. A \
             stolen copy is worthless as soon as its owner rotates."
        }
        (true, false) => {
            "The old one cannot be renewed any more, yet it still opens /me: it proves itself by its signature, and nobody \
             asks the server. That is why it lives for minutes only."
        }
        (true, true) if info.renews_silently => {
            "Both still work, for different reasons. What opens /me proves itself until it expires. And a renewal that the same \
             browser repeats within seconds counts as a retry, after a lost answer or from a second tab; any other counts as \
             theft."
        }
        (true, true) => {
            "Rotation made a second copy and ended nothing: the server keeps no list from which it could strike the old one. \
             Only its expiry ends it, or a change that ends all of this user's credentials."
        }
        (false, true) => {
            "The old one opens nothing any more. The repeated rotation counts as a retry within its few seconds, after a lost \
             answer or from a second tab."
        }
    }
}
