mod mode_card;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    Offers,
    client::SignIns,
    components::Page,
    error::{ErrorCode, translated},
    locale::tr,
};

use super::registered;
use mode_card::ModeCard;

/// `/`: this browser's sign-in, and what it consists of.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let modes = expect_context::<SignIns>().modes();
    let query = use_query_map().get_untracked();
    let failed = query.get("error").and_then(|code| ErrorCode::parse(&code)).map(|code| translated(code.message()));
    let registered = registered(&query);
    let cards = modes.into_iter().enumerate().map(|(position, info)| view! { <ModeCard position info /> });
    view! {
        <Page
            title=tr("Welcome", "환영합니다")
            lead=tr(
                "Create an account, log in, and see where you are signed in.",
                "계정을 만들고 로그인하여, 어디에 로그인되어 있는지 확인하십시오.",
            )
            message=failed.or(registered).map(str::to_owned)
        >
            <div class="mt-10 max-w-3xl">{cards.collect_view()}</div>
            {Offers::current()
                .demo_users
                .then(|| view! {
                    <p class="hint mt-6">
                        {tr(
                            "The server printed the demo users and their passwords in its terminal when it started.",
                            "서버가 시작할 때 데모 사용자와 비밀번호를 터미널에 출력했습니다.",
                        )}
                    </p>
                })}
        </Page>
    }
}
