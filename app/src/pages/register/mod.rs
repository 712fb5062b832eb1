mod register_form;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::Page,
    error::{AppError, ErrorCode},
};
use register_form::RegisterForm;

/// `/register`: creates an account.
#[component]
pub(crate) fn Register() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let username = query.get("username").unwrap_or_default();
    let error = query.get("error").and_then(|code| ErrorCode::parse(&code)).map(beside_its_field);
    view! {
        <Page title="Create an account" lead="One account works in all modes. It needs only a user name and a password.">
            <div class="mt-8 max-w-xl">
                <RegisterForm username error />
                <p class="hint mt-6">
                    "Have one already? "
                    <a class="link" href="/login">"Log in"</a>
                    "."
                </p>
            </div>
        </Page>
    }
}

/// A form without JavaScript returns one code in the query. Most codes belong to one field.
fn beside_its_field(code: ErrorCode) -> AppError {
    let field = match code {
        ErrorCode::UsernameInvalid | ErrorCode::UsernameLength => "username",
        ErrorCode::PasswordTooShort
        | ErrorCode::PasswordTooLong
        | ErrorCode::PasswordInvalid
        | ErrorCode::PasswordTooCommon => "password",
        _ => return AppError::new(code),
    };
    AppError::new(ErrorCode::Invalid).field(field, code)
}
