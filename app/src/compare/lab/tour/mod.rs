//! A tour of the lab in ten steps, three situations in which the learner chooses a mode, and the terms with their
//! sources.

mod situations;
mod terms;

use leptos::prelude::*;

pub use situations::Answers;

use self::{situations::situations, terms::terms};
use crate::{ssr::document, types::ModeInfo};

/// One step: what to do, and what to see.
struct Step {
    title: &'static str,
    act: &'static str,
    see: &'static str,
}

const STEPS: [Step; 10] = [
    Step {
        title: "Open a sandbox",
        act: "Open it with the default choices. Press “Log in” in the group “The owner”.",
        see: "One column per mode. The same password gives another credential in each mode: compare what the browser holds.",
    },
    Step {
        title: "Find the state",
        act: "Read “The server holds” in each column.",
        see: "A mode with a row can end that row. A mode without one has nothing to end, except for all of its cookies at once.",
    },
    Step {
        title: "Pay for a request",
        act: "Press “Open /me 100 times”.",
        see: "The comparison shows statements, cryptographic operations and time. Every mode reads the account once: the access check \
              “account” is the default.",
    },
    Step {
        title: "Save the read",
        act: "Begin again with the access check “signature”. Log in, and open /me 100 times.",
        see: "The modes whose credential contains the identity read nothing now. Remember what it saves, and see in step 6 what it \
              costs.",
    },
    Step {
        title: "Rotate",
        act: "Press “Rotate”.",
        see: "The marked values are new. The date on which the sign-in ends at the latest is the same: no rotation moves it.",
    },
    Step {
        title: "Steal, and log out",
        act: "Log in, copy the credentials, log out, and let the thief ask until it is refused.",
        see: "A credential that the server looks up stops at once. One that contains the identity works until it expires: for minutes, or \
              for hours. Compare the delay that the server announced with the one that the page measured.",
    },
    Step {
        title: "Change the password",
        act: "Begin again with the access check “account”. Log in, copy, change the password, and measure.",
        see: "Every copy is refused at once. The password raised the epoch of the account, and each mode compares it.",
    },
    Step {
        title: "Renew twice",
        act: "Let the thief renew first, then the owner. Begin again with the strict policy, and repeat it.",
        see: "The second use of one refresh token shows the theft: neither side stays signed in. With other credentials, only the strict \
              policy finds out.",
    },
    Step {
        title: "Attack",
        act: "Open “Attacks, executed”.",
        see: "No mode is the safest. A cookie can be sent by another site, and a script cannot take it away. A token is the opposite.",
    },
    Step {
        title: "Read the tutorials again",
        act: "Open “What tutorials claim, tested”.",
        see: "Most statements are true under a condition that the text does not name.",
    },
];

/// The document. `answers` are the modes that the learner chose.
#[must_use]
pub fn tour_page(options: &LeptosOptions, modes: &[ModeInfo], answers: &Answers) -> String {
    document(options, "A tour of the lab", Some("/lab/tour"), || {
        let steps = STEPS.map(|Step { title, act, see }| {
            view! {
                <li>
                    <h3>{title}</h3>
                    <p>{act}</p>
                    <p class="text-muted">{see}</p>
                </li>
            }
        });
        view! {
            <p class="mt-4 max-w-3xl text-lg text-muted text-pretty">
                "Twenty minutes. Keep this page open, and do the steps in "
                <a class="link" href="/lab" target="_blank">"the lab"</a>
                " in a second tab. Afterwards, choose a mode for three situations."
            </p>
            <section class="block-section" aria-labelledby="steps">
                <h2 id="steps" class="section-title">"Ten steps"</h2>
                <ol class="lab-tour">{steps.collect_view()}</ol>
            </section>
            {situations(modes, answers)}
            {terms()}
        }
        .into_any()
    })
}
