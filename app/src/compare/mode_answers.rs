use leptos::prelude::*;

use crate::types::ModeInfo;

/// The five answers that compare the modes. Each mode defines its own.
#[component]
pub(crate) fn ModeAnswers(info: ModeInfo) -> impl IntoView {
    let answers = [
        ("The browser holds", info.client_holds),
        ("The server holds", info.server_holds),
        ("A request costs", info.request_costs),
        ("Ended by", info.ended_by),
        ("Choose it when", info.choose_when),
    ];
    view! {
        <dl class="answers">
            {answers
                .into_iter()
                .map(|(question, answer)| {
                    view! {
                        <div>
                            <dt class="term">{question}</dt>
                            <dd class="mt-1 text-pretty">{answer}</dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
}
