use leptos::{prelude::*, task::spawn_local};

use crate::{
    client::SignIns,
    components::{
        Instant, LogOutButton, ModeTabs, Page, Protected, Remaining, RotateButton, Scope, SignInStatus, signed_in_user,
    },
    types::{Me, ModeInfo, Transport},
};

use super::mode_page;

/// `/me/{mode}`, the protected page.
#[component]
pub(crate) fn Me() -> impl IntoView {
    mode_page(|info| view! { <MePage info /> })
}

#[component]
fn MePage(info: ModeInfo) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let status = SignInStatus::of(&info.id);
    let name = info.name.clone();
    let title = Signal::derive(move || match status.get() {
        SignInStatus::Unknown => format!("Signed in with {name}?"),
        SignInStatus::SignedOut => format!("Not signed in with {name}"),
        SignInStatus::SignedIn => format!("Signed in with {name}"),
    });
    let id = info.id.clone();
    // Ask the server each time the page opens, and do not show the state of an earlier page. If this fails, the state
    // does not change, and the buttons below report the error when used.
    Effect::new(move || {
        let id = id.clone();
        spawn_local(async move { _ = sign_ins.reload(&id).await });
    });
    view! {
        <Page title>
            <ModeTabs current=info.id.clone() path="/me/{mode}" />
            <Protected info=info.clone() path=format!("/me/{}", info.id)>
                <Accepted info=info.clone() />
            </Protected>
        </Page>
    }
}

#[component]
fn Accepted(info: ModeInfo) -> impl IntoView {
    let here = format!("/me/{}", info.id);
    let account = format!("/account/{}", info.id);
    view! {
        <Identity info=info.clone() />
        <div class="actions mt-8">
            <RotateButton info=info.clone() next=here />
            <LogOutButton info=info.clone() scope=Scope::Here label="Log out" />
            <a class="button quiet" href=account>"Account"</a>
        </div>
        <RequestCredential info />
    }
}

/// The answer to `GET /api/{mode}/me`.
#[component]
fn Identity(info: ModeInfo) -> impl IntoView {
    let me = signed_in_user(&info.id);
    let name = info.name;
    move || {
        me.get().map(|Me { id, username, role, auth, .. }| {
            let name = name.clone();
            view! {
                <dl class="identity">
                    <Row term="Username"><strong class="text-accent wrap-anywhere">{username}</strong></Row>
                    <Row term="Role">{role.as_str()}</Row>
                    <Row term="Id"><code class="break-all">{id}</code></Row>
                    <Row term="Mode">{name}</Row>
                    <Row term="Issued"><Instant at=auth.issued_at /></Row>
                    <Row term="Expires"><Remaining until=auth.expires_at /></Row>
                    <Row term="Ends at the latest"><Remaining until=auth.absolute_expires_at /></Row>
                    <Row term="Generation">
                        <span data-testid="generation" class="tabular-nums">{auth.generation}</span>
                    </Row>
                </dl>
            }
        })
    }
}

#[component]
fn Row(term: &'static str, children: Children) -> impl IntoView {
    view! {
        <div>
            <dt class="term">{term}</dt>
            <dd class="mt-1">{children()}</dd>
        </div>
    }
}

/// Explains how the server recognised the request.
#[component]
fn RequestCredential(info: ModeInfo) -> impl IntoView {
    let cookie = info.cookie.unwrap_or_default();
    let body = match info.transport {
        Transport::Cookie => view! {
            <pre class="wire"><code>{format!("Cookie: {cookie}=…")}</code></pre>
            <p class="mt-3 text-pretty text-muted">
                "The browser sent this cookie automatically with the request for this page. So the server knew your name before any \
                script ran, and this page works without JavaScript. The cookie is HttpOnly: no script can read it. But the browser \
                may also send it with requests that another site causes (CSRF), so the server checks the origin of every change."
            </p>
        }
        .into_any(),
        Transport::Bearer => view! {
            <pre class="wire"><code>"Authorization: Bearer …"</code></pre>
            <p class="mt-3 text-pretty text-muted">
                "A script in this tab added this header. A page request has no such header, so the server rendered a placeholder and \
                the script filled it in. Another site cannot make your browser send the header, but a script injected into this \
                page (XSS) can."
            </p>
            {info.renews_silently.then(|| view! {
                <p class="mt-3 text-pretty text-muted">
                    "The refresh token is in the cookie "
                    <code>{cookie}</code>
                    ", which no script can read. With it, the page gets the next access token shortly before this one expires, and \
                    after a reload. The server reads this cookie only when you log in with this mode, and to renew, replace or end a sign-in of it."
                </p>
            })}
        }
        .into_any(),
    };
    view! {
        <section class="block-section max-w-3xl" aria-labelledby="carried">
            <h2 id="carried" class="section-title">"What this request sent"</h2>
            {body}
        </section>
    }
}
