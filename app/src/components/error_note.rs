use leptos::prelude::*;

use crate::error::AppError;

/// Why something failed, read out at once.
#[component]
pub(crate) fn ErrorNote(error: Signal<Option<AppError>>) -> impl IntoView {
    move || error.get().map(|error| view! { <p role="alert" class="error-note">{sentence(&error)}</p> })
}

/// `The credential is not valid. (refresh token reused)`
fn sentence(error: &AppError) -> String {
    match &error.reason {
        Some(reason) => format!("{} ({})", error.detail, reason.replace('_', " ")),
        None => error.detail.clone(),
    }
}
