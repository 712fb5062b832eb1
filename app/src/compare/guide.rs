use leptos::prelude::*;

use crate::{
    Offers,
    client::{SignIns, Step},
};

/// Only for modes with a refresh token.
const GRACE: &str = " A second use of a refresh token counts as a retry for a few seconds, and later as theft.";

/// The first steps for a newcomer, in an order in which each step prepares the next: the reload is after the rotation,
/// because it deletes a token in memory.
#[component]
pub(crate) fn Guide() -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let steps = sign_ins.steps();
    let renews = sign_ins.modes().iter().any(|info| info.renews_silently);
    view! {
        <section class="guide" aria-labelledby="guide">
            <details open>
                <summary>
                    <h2 id="guide" class="text-xl font-semibold tracking-tight">"What to try first"</h2>
                    <span class="scripted text-muted">{move || format!("{} of {} done", steps.read().len(), Step::ALL.len())}</span>
                </summary>
                <ol>
                    <Entry step=Step::Account title="Get an account">
                        <a href="/register">"Create one"</a>
                        {Offers::current()
                            .demo_users
                            .then(|| view! {
                                ", or log in as the demo user "
                                <code>"alice"</code>
                                ". The server printed her password in its terminal when it started"
                            })}
                        "."
                    </Entry>
                    <Entry step=Step::EveryMode title="Log in to all modes">
                        <span class="scripted">"One form on this page logs in to every mode. "</span>
                        <span class="unscripted">"Log in to the modes that use a cookie, one after the other. "</span>
                        "The server checks your password in the same way for each mode. The mode decides how the server recognises you on \
                        the next request."
                    </Entry>
                    <Entry step=Step::Rotation title="Rotate and try the old one">
                        "The "
                        <a href="/rotation">"rotation page"</a>
                        " replaces a credential, and the server checks the old one again. Depending on the mode, it is refused at \
                        once, or works until it expires."
                        {renews.then_some(GRACE)}
                    </Entry>
                    <Entry step=Step::Reload title="Reload this page">
                        "The browser sends its cookies again, so those sign-ins survive. A token in memory is lost, unless a refresh \
                        cookie can get a new one."
                    </Entry>
                    <Entry step=Step::SecondTab title="Open a second tab">
                        "All tabs share the cookies, also a refresh cookie: the new tab is signed in by them. A token in memory belongs \
                        to one tab. Log out there, and watch this tab."
                    </Entry>
                    <Entry step=Step::LogOut title="Log out, and read what ended">
                        "On the "
                        <a href="/logout">"log-out page"</a>
                        ", some modes stop every copy at once. In the others, copies work until they expire. "
                        <span class="scripted">"Try the old copy."</span>
                    </Entry>
                </ol>
            </details>
        </section>
    }
}

/// One step. The server renders it as not done: only the browser knows. Without scripts, no tab learns of another.
#[component]
fn Entry(step: Step, title: &'static str, children: Children) -> impl IntoView {
    let steps = expect_context::<SignIns>().steps();
    let done = Memo::new(move |_| steps.read().contains(&step));
    view! {
        <li class:scripted=step == Step::SecondTab data-step=step.name() data-done=move || done.get().to_string()>
            <h3 class="font-semibold">
                {title}
                <span class="done">{move || done.get().then_some(" · done")}</span>
            </h3>
            <p class="text-muted text-pretty">{children()}</p>
        </li>
    }
}
