mod login_form;
mod mode_choice;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    DemoUsers,
    client::SignIns,
    components::Page,
    error::{AppError, ErrorCode},
    paths::safe_path,
    types::ModeId,
};
use login_form::LoginForm;

/// The answer to a registration is the same for a free and a taken name, so that it does not reveal which accounts
/// exist.
const REGISTERED: &str = "Now log in. If your password is refused, that name was already taken: choose another.";

/// `/login`: one form for every mode.
#[component]
pub(crate) fn Login() -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let query = use_query_map().get_untracked();
    let asked = query.get("mode").map(ModeId).and_then(|mode| sign_ins.info(&mode));
    let first = asked.or_else(|| sign_ins.modes().into_iter().next()).map(|info| info.id);
    let username = query.get("username").unwrap_or_default();
    let next = safe_path(query.get("next"));
    let error = query.get("error").and_then(|code| ErrorCode::parse(&code)).map(AppError::new);
    view! {
        <Page
            title="Log in"
            lead="The server checks your password once, in the same way for every mode. The mode decides what your browser keeps to \
            prove who you are."
            message=query.get("registered").map(|_| REGISTERED.to_owned())
        >
            <div class="mt-8 max-w-xl">
                {first.map(|first| view! { <LoginForm first username next error /> })}
                <p class="hint mt-6">
                    {DemoUsers::exist().then_some("The server printed the demo users and their passwords in its terminal when it started. ")}
                    "No account yet? "
                    <a class="link" href="/register">"Create one"</a>
                    "."
                </p>
            </div>
        </Page>
    }
}
