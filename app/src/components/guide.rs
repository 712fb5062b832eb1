use leptos::prelude::*;

use crate::DemoUsers;

/// What to do first, in an order in which each step explains the next.
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
                            ". Her password is printed in the terminal where the server started"
                        })}
                    "."
                </Step>
                <Step title="Log in to all of them">
                    "The password is checked in the same way each time. A mode only decides how you are recognised on the "
                    <em>"next"</em>
                    " request."
                </Step>
                <Step title="Reload this page">
                    "See which sign-ins survive. Cookies come back with the page, already rendered by the server. A token in "
                    "memory is gone, unless a refresh cookie can fetch a new one."
                </Step>
                <Step title="Rotate, and try the old one">
                    "The "
                    <a href="/rotation">"rotation page"</a>
                    " replaces a credential and then presents its predecessor again, for real. Not every mode refuses it."
                </Step>
                <Step title="Log out, and read what ended">
                    "On the "
                    <a href="/logout">"log-out page"</a>
                    " some modes kill every copy at once. Others can only make this browser forget."
                </Step>
                <Step title="Open a second tab">
                    "Sign out there and watch this one. Cookies are shared by all tabs; a token in memory belongs to one."
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
