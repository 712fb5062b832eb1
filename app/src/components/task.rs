use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast, web_sys::HtmlElement};

use crate::{
    error::{AppError, ErrorCode, translated},
    locale::tr,
    refusal,
    types::ModeId,
};

use super::Announcement;

/// The action of a button or form: whether it is running, and its last error.
#[derive(Clone, Copy)]
pub(crate) struct Task {
    announcement: Announcement,
    busy: RwSignal<bool>,
    error: RwSignal<Option<AppError>>,
}

impl Task {
    /// Needs the context of a page. `error` is the result of a form without JavaScript.
    pub(crate) fn new(error: Option<AppError>) -> Self {
        let announcement = expect_context::<Announcement>();
        let is_first_result = error.is_some();
        let this = Self { announcement, busy: RwSignal::new(false), error: RwSignal::new(error) };
        if is_first_result {
            announcement.track_error(this.error);
        }
        this
    }

    pub(crate) fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    pub(crate) fn error(self) -> Signal<Option<AppError>> {
        self.error.into()
    }

    /// The errors of one field.
    pub(crate) fn problems(self, field: &'static str) -> Signal<Vec<String>> {
        Signal::derive(move || {
            self.error
                .with(|error| error.as_ref().and_then(|error| error.fields.get(field).cloned()).unwrap_or_default())
                .iter()
                .map(|problem| translated(problem).to_owned())
                .collect()
        })
    }

    /// Runs `work`, then `done` with its result. A call while `work` runs is ignored, as a double click causes one.
    ///
    /// After an error in the input, the first invalid field gets the focus.
    pub(crate) fn run<T: 'static>(
        self,
        work: impl Future<Output = Result<T, AppError>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.announcement.clear();
        spawn_local(async move {
            let outcome = work.await;
            // The user may have left the page, which disposes the signals.
            _ = self.busy.try_set(false);
            // A concurrent action of the page may have shown its result while `work` ran.
            self.announcement.clear();
            match outcome {
                Ok(value) => done(value),
                Err(error) => self.fail(error),
            }
        });
    }

    fn fail(self, error: AppError) {
        if let (ErrorCode::SignedOut, Some(mode)) = (error.code, &error.reason) {
            self.announcement.show_lost(ModeId(mode.clone()));
            return;
        }
        let (has_fields, text) = (!error.fields.is_empty(), sentence(&error));
        // `Some`: the part of the page with this action is gone already.
        _ = self.error.try_set(Some(error));
        self.announcement.track_error(self.error);
        // After the next rendering, which removes this action if the error ended the sign-in. The page itself remains,
        // so its announcement shows the error.
        request_animation_frame(move || {
            if self.error.is_disposed() {
                self.announcement.show(text);
            } else if has_fields {
                focus_first_invalid_field();
            }
        });
    }
}

/// A page shows one error at a time, so all invalid fields belong to the form that was sent.
fn focus_first_invalid_field() {
    let field = document().query_selector(r#"[aria-invalid="true"]"#).ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        // Fails only if the element cannot be focused. The focus then stays where it is.
        _ = field.focus();
    }
}

/// The error of an action. A screen reader reads it at once.
#[component]
pub(crate) fn ErrorNote(error: Signal<Option<AppError>>) -> impl IntoView {
    move || error.get().map(|error| view! { <p role="alert" class="error-note">{sentence(&error)}</p> })
}

/// The text of an error: the exact cause where it is known.
fn sentence(error: &AppError) -> String {
    match (error.code, &error.reason) {
        (ErrorCode::Invalid, _) if !error.fields.is_empty() => match error.fields.keys().collect::<Vec<_>>()[..] {
            [name] => {
                let (english, korean) = label(name);
                tr(format!("Check the {english}."), format!("{korean} 항목을 확인하십시오."))
            }
            _ => tr("Check the marked fields.", "표시된 항목을 확인하십시오.").to_owned(),
        },
        // The API keeps the text of Django REST framework, which clients compare.
        (ErrorCode::NoActiveAccount, _) => {
            tr("Wrong username or password.", "사용자 이름이나 비밀번호가 틀렸습니다.").to_owned()
        }
        (ErrorCode::TokenNotValid, Some(_)) => refusal::explain(error).unwrap_or_default(),
        (_, Some(reason)) => format!("{} ({})", translated(&error.detail), reason.replace('_', " ")),
        (_, None) => translated(&error.detail).to_owned(),
    }
}

/// The label of a field in the middle of a sentence, in both languages.
fn label(field: &str) -> (&str, &str) {
    match field {
        "username" => ("username", "사용자 이름"),
        "password" => ("password", "비밀번호"),
        "current" => ("current password", "현재 비밀번호"),
        "new" => ("new password", "새 비밀번호"),
        other => (other, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_input_is_reported_with_the_name_of_its_field_if_there_is_one() {
        let error = AppError::new(ErrorCode::Invalid).field("new", ErrorCode::PasswordTooShort);
        assert_eq!(sentence(&error), "Check the new password.");
        assert_eq!(sentence(&error.field("current", ErrorCode::Blank)), "Check the marked fields.");
    }

    #[test]
    fn a_refused_login_does_not_say_which_part_was_wrong() {
        assert_eq!(sentence(&AppError::new(ErrorCode::NoActiveAccount)), "Wrong username or password.");
    }

    #[test]
    fn an_exact_cause_is_added_in_words() {
        let error = AppError::new(ErrorCode::TokenNotValid).because("refresh_token_reused");
        assert!(sentence(&error).starts_with("A refresh token was used a second time."));
    }
}
