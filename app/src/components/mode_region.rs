use leptos::prelude::*;

use crate::{
    client::{SignIn, SignIns},
    locale::tr,
    types::{Me, ModeInfo, Transport},
};

use super::{AfterLogout, BearerPlaceholder, Ends, Instant, KeyIcon, SignInStatus};

/// A region of a page for one mode: its key, name and transport, and the page's own content.
#[component]
pub(crate) fn ModeRegion(position: usize, info: ModeInfo, children: Children) -> impl IntoView {
    let status = SignInStatus::of(&info.id);
    let heading = format!("mode-{}", info.id);
    let id = heading.clone();
    let (transport, title) = match info.transport {
        Transport::Cookie => (
            tr("Cookie", "쿠키"),
            tr("The browser sends the credential automatically", "브라우저가 인증 정보를 자동으로 보냅니다"),
        ),
        Transport::Bearer => (
            "Bearer",
            tr(
                "A script or program sends the credential in the Authorization header",
                "스크립트나 프로그램이 인증 정보를 Authorization 헤더로 보냅니다",
            ),
        ),
    };
    view! {
        <section
            class="mode-region"
            aria-labelledby=heading
            data-mode=info.id.to_string()
            data-state=move || status.get().as_str()
        >
            <header class="mode-head">
                <KeyIcon position />
                <h2 id=id class="text-xl font-semibold tracking-tight">{info.name}</h2>
                <span class="badge" title=title>{transport}</span>
            </header>
            {children()}
        </section>
    }
}

/// This browser's sign-in of one mode, or the last logout.
#[component]
pub(crate) fn ModeState(info: ModeInfo) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let state = sign_ins.state(&info.id);
    // In a browser that has not logged in, there is nothing to ask.
    let needs_app = sign_ins.has_logged_in();
    let renews = info.renews_silently;
    view! {
        <div class="mode-state">
            {move || match state.get() {
                SignIn::Unknown => view! { <BearerPlaceholder needs_app /> }.into_any(),
                SignIn::Unanswered { error } => {
                    view! {
                        <p class="font-medium text-muted">{tr("Not known yet", "아직 알 수 없음")}</p>
                        <p class="mt-1 text-sm text-muted">{error}</p>
                    }
                        .into_any()
                }
                SignIn::SignedOut { reason } => {
                    view! {
                        <p class="font-medium text-muted">{tr("Signed out", "로그아웃됨")}</p>
                        {reason.map(|reason| view! { <p class="mt-1 text-sm text-muted">{reason}</p> })}
                    }
                        .into_any()
                }
                SignIn::SignedIn(me) => view! { <Held me renews /> }.into_any(),
            }}
            <AfterLogout info />
        </div>
    }
}

/// A live sign-in: user, dates and generation.
#[component]
fn Held(me: Me, renews: bool) -> impl IntoView {
    let Me { username, auth, .. } = me;
    view! {
        <p class="font-medium">{tr("Signed in as ", "로그인한 사용자: ")} <strong class="text-accent wrap-anywhere">{username}</strong></p>
        <dl class="card-facts">
            <div>
                <dt class="term">{tr("Credential issued", "인증 정보 발급")}</dt>
                <dd><Instant at=auth.issued_at /></dd>
            </div>
            <Ends auth renews />
            <div>
                <dt class="term">{tr("Generation", "세대")}</dt>
                <dd data-testid="generation" class="tabular-nums">{auth.generation}</dd>
            </div>
        </dl>
    }
}
