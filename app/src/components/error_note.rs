use leptos::prelude::*;

use crate::error::{AppError, ErrorCode};

/// The error of an action. A screen reader reads it at once.
#[component]
pub(crate) fn ErrorNote(error: Signal<Option<AppError>>) -> impl IntoView {
    move || error.get().map(|error| view! { <p role="alert" class="error-note">{sentence(&error)}</p> })
}

/// `The credential is not valid. (refresh token reused)`
fn sentence(error: &AppError) -> String {
    match (error.code, &error.reason) {
        (ErrorCode::Invalid, _) if !error.fields.is_empty() => {
            let names: Vec<_> = error.fields.keys().map(|name| label(name)).collect();
            format!("Check the {}.", names.join(" and the "))
        }
        // The API keeps SimpleJWT's text, which its clients compare.
        (ErrorCode::NoActiveAccount, _) => "Wrong username or password.".to_owned(),
        (_, Some(reason)) => format!("{} ({})", error.detail, reason.replace('_', " ")),
        (_, None) => error.detail.clone(),
    }
}

/// The label of a field, in the middle of a sentence.
fn label(field: &str) -> String {
    match field {
        "current" => "current password".to_owned(),
        "new" => "new password".to_owned(),
        other => other.replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_input_is_reported_with_the_names_of_its_fields() {
        let error = AppError::new(ErrorCode::Invalid);
        let error = error.field("username", ErrorCode::Blank).field("new", ErrorCode::PasswordTooShort);
        assert_eq!(sentence(&error), "Check the new password and the username.");
    }

    #[test]
    fn a_refused_login_does_not_say_which_part_was_wrong() {
        assert_eq!(sentence(&AppError::new(ErrorCode::NoActiveAccount)), "Wrong username or password.");
    }

    #[test]
    fn an_exact_cause_is_added_in_words() {
        let error = AppError::new(ErrorCode::TokenNotValid).because("refresh_token_reused");
        assert_eq!(sentence(&error), "The credential is not valid. (refresh token reused)");
    }
}
