use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{DemoUsers, client::SignIns, components::Page, error::ErrorCode, types::ModeInfo};

use super::{
    login_all::{LoginAll, count_word},
    mode_card::ModeCard,
};

/// `/`: all modes side by side, with this browser's sign-ins.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let modes = expect_context::<SignIns>().modes();
    let failed = use_query_map().read_untracked().get("error").and_then(|code| ErrorCode::parse(&code));
    let cards = modes.clone().into_iter().enumerate().map(|(position, info)| view! { <ModeCard position info /> });
    view! {
        <Page
            title="One door, four keys"
            lead=format!(
                "Sign in once, {} ways, and see how the server recognises you on the next request.",
                count_word(modes.len()),
            )
            message=failed.map(|code| code.message().to_owned())
        >
            <LoginAll />
            <div class="mode-grid">{cards.collect_view()}</div>
            <Guide />
            <TutorialTable modes />
        </Page>
    }
}

/// The first steps for a newcomer, in an order in which each step prepares the next.
#[component]
fn Guide() -> impl IntoView {
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
                    " replaces a credential, and then the server checks the old one again. Not every mode refuses it."
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

/// Common claims in tutorials about each mode, corrected. The explicit roles are needed because on a phone the rows are
/// blocks, and some browsers drop the table semantics if CSS changes `display`.
#[component]
fn TutorialTable(modes: Vec<ModeInfo>) -> impl IntoView {
    let rows = modes.into_iter().map(|info| {
        view! {
            <tr role="row">
                <th role="rowheader" scope="row">{info.name}</th>
                <td role="cell" data-label="Often said">{info.often_said}</td>
                <td role="cell" data-label="In fact">{info.in_fact}</td>
            </tr>
        }
    });
    view! {
        <table role="table" class="tutorials block-section">
            <caption class="section-title">"What tutorials say, and what's true"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">"Mode"</th>
                    <th role="columnheader" scope="col">"Often said"</th>
                    <th role="columnheader" scope="col">"In fact"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows.collect_view()}</tbody>
        </table>
    }
}
