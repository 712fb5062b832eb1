use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    Offers,
    client::SignIns,
    components::Page,
    error::{ErrorCode, translated},
    locale::tr,
    pages::registered,
    types::ModeInfo,
};

use super::{
    guide::Guide,
    login_all::{LoginAll, count_word},
    mode_card::ModeCard,
};

/// `/`: all modes side by side, with this browser's sign-ins.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let modes = expect_context::<SignIns>().modes();
    let query = use_query_map().get_untracked();
    let failed = query.get("error").and_then(|code| ErrorCode::parse(&code)).map(|code| translated(code.message()));
    let registered = registered(&query);
    let logins = view! { <LoginAll username=query.get("username").unwrap_or_default() /> };
    // After a registration, the next thing to do is first.
    let top = match registered {
        Some(_) => view! { {logins} <Guide /> }.into_any(),
        None => view! { <Guide /> {logins} }.into_any(),
    };
    let cards = modes.clone().into_iter().enumerate().map(|(position, info)| view! { <ModeCard position info /> });
    let count = count_word(modes.len());
    view! {
        <Page
            title=tr("One door, four keys", "문 하나, 열쇠 넷")
            lead=tr(
                format!("Sign in once, {count} ways, and see how the server recognises you on the next request."),
                format!("{count} 가지 방식으로 로그인하고, 다음 요청에서 서버가 사용자를 어떻게 알아보는지 확인하십시오."),
            )
            message=failed.or(registered).map(str::to_owned)
        >
            {top}
            {Offers::current().lab.then(to_lab)}
            <div class="mode-grid">{cards.collect_view()}</div>
            <TutorialTable modes />
        </Page>
    }
}

/// `rel="external"`: the page of the lab is no part of the app.
fn to_lab() -> impl IntoView {
    view! {
        <p class="mt-6">
            <a class="link" rel="external" href="/lab">{tr("The lab", "실험실")}</a>
            {tr(
                " runs the same requests in every mode, and shows what they cost, what each side holds, and how long a stolen copy works.",
                "에서는 모든 방식으로 같은 요청을 실행하고, 비용, 양쪽이 보관하는 것, 탈취된 복사본이 유효한 기간을 보여 줍니다.",
            )}
        </p>
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
                <td role="cell" data-label=often_said()>{info.often_said}</td>
                <td role="cell" data-label=in_fact()>{info.in_fact}</td>
            </tr>
        }
    });
    view! {
        <table role="table" class="tutorials block-section">
            <caption class="section-title">{tr("What tutorials say, and what's true", "튜토리얼의 주장과 사실")}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{tr("Mode", "방식")}</th>
                    <th role="columnheader" scope="col">{often_said()}</th>
                    <th role="columnheader" scope="col">{in_fact()}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows.collect_view()}</tbody>
        </table>
    }
}

fn often_said() -> &'static str {
    tr("Often said", "흔한 주장")
}

fn in_fact() -> &'static str {
    tr("In fact", "사실")
}
