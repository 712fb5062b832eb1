use leptos::prelude::*;

use crate::DemoUsers;

/// The first steps for a newcomer, in an order in which each step prepares the next.
#[component]
pub(crate) fn Guide() -> impl IntoView {
    view! {
        <section class="block-section" aria-labelledby="guide">
            <h2 id="guide" class="section-title">"What to try first"</h2>
            <ol class="guide">
                <Step title="Get an account">
                    <a href="/register">"Create one"</a>
                    {DemoUsers::exist()
                        .then(|| view! {
                            ", or log in as the demo user "
                            <code>"alice"</code>
                            ". The server printed her password in its terminal when it started"
                        })}
                    "."
                </Step>
                <Step title="Log in to all of them">
                    "The server checks the password in the same way each time. The mode only decides how it recognises you on the "
                    <em>"next"</em>
                    " request."
                </Step>
                <Step title="Reload this page">
                    "See which sign-ins survive. The browser sends its cookies, and the server renders you as signed in. A token in "
                    "memory is lost, unless a refresh cookie can get a new one."
                </Step>
                <Step title="Rotate, and try the old one">
                    "The "
                    <a href="/rotation">"rotation page"</a>
                    " replaces a credential and then tries the old one in a real request. Not every mode refuses it."
                </Step>
                <Step title="Log out, and read what ended">
                    "On the "
                    <a href="/logout">"log-out page"</a>
                    " some modes stop every copy at once. Others only delete this browser's copy."
                </Step>
                <Step title="Open a second tab">
                    "Log out there and watch this tab. All tabs share the cookies; a token in memory belongs to one tab."
                </Step>
            </ol>
        </section>
    }
}

#[component]
fn Step(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <li>
            <h3 class="font-semibold">{title}</h3>
            <p class="mt-1 text-muted text-pretty">{children()}</p>
        </li>
    }
}
