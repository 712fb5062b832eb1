use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    DemoUsers,
    components::{LoginForm, Page},
    error::{AppError, ErrorCode},
    paths::safe_path,
    sign_ins::SignIns,
    types::ModeId,
};

/// Taken or free, the answer is the same; only the password of the account tells.
const REGISTERED: &str =
    "If the name was free, the account is yours: sign in. If signing in fails, the name was taken.";

/// One form for every mode.
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
            lead="The password is checked once, in the same way for all. The mode decides what your browser is handed \
            afterwards, to be recognised by."
            said=query.get("registered").map(|_| REGISTERED.to_owned())
        >
            <div class="mt-8 max-w-xl">
                {first.map(|first| view! { <LoginForm first username next error /> })}
                <p class="hint mt-6">
                    {DemoUsers::exist().then_some("Demo users are printed in the terminal where the server started. ")}
                    "No account yet? "
                    <a class="link" href="/register">"Create one"</a>
                    "."
                </p>
            </div>
        </Page>
    }
}
