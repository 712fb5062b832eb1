use leptos::{html::Input, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
    params::ParamsMap,
};

use crate::{
    client::api,
    components::{ErrorNote, NEW_PASSWORD, Page, PasswordField, SubmitButton, Task, TextField},
    error::AppError,
    paths::after_registration,
};

/// The hint for the user name.
const USERNAME: &str = "Letters, digits and . _ - @ +, at most 64 characters.";

/// The answer to a registration is the same for a free and a taken name, so that it does not reveal which accounts
/// exist.
const REGISTERED: &str = "If the name was free, the account now exists. Now log in. If your password is refused, that name was already \
    taken: choose another.";

/// The message of the home page, to which a registration leads: see [`after_registration`].
pub(crate) fn registered(query: &ParamsMap) -> Option<&'static str> {
    query.get_str("registered").map(|_| REGISTERED)
}

/// `/register`: creates an account.
#[component]
pub(crate) fn Register() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let username = query.get("username").unwrap_or_default();
    let error = AppError::of_form(query.get_str("error"), query.get_str("field"));
    view! {
        <Page title="Create an account" lead="It needs only a username and a password.">
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

/// Creates an account. It never says whether the name was free: that would reveal which accounts exist.
#[component]
fn RegisterForm(
    username: String,
    /// The result of a form without JavaScript.
    error: Option<AppError>,
) -> impl IntoView {
    let sign_ins = expect_context::<crate::client::SignIns>(); // part: comparison
    let navigate = use_navigate();
    let task = Task::new(error);
    let typed = RwSignal::new(0);
    let (name, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(name), Some(password)) = (name.get(), password.get()) else { return };
        let (name, password) = (name.value(), password.value());
        let then = after_registration(&name);
        let navigate = navigate.clone();
        let work = async move { api::register(&name, &password).await };
        task.run(work, move |_| {
            sign_ins.took(crate::client::Step::Account); // part: comparison
            navigate(&then, NavigateOptions::default());
        });
    };
    view! {
        <form
            class="panel stack"
            aria-label="Create an account"
            method="post"
            action="/api/register"
            novalidate
            on:submit=submit
        >
            <ErrorNote error=task.error() />
            <TextField
                name="username"
                label="Username"
                autocomplete="username"
                node=name
                value=username
                hint=USERNAME
                problems=task.problems("username")
            />
            <PasswordField
                autocomplete="new-password"
                node=password
                typed
                hint=NEW_PASSWORD
                problems=task.problems("password")
            />
            <SubmitButton label="Create account" busy=task.busy() />
        </form>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use auth::{Username, UsernameProblem};

    use super::USERNAME;
    use crate::error::ErrorCode;

    const LONGEST: usize = 64;

    #[test]
    fn the_texts_name_the_maximum_length_of_a_user_name() {
        assert!(Username::parse(&"a".repeat(LONGEST)).is_ok());
        assert_eq!(Username::parse(&"a".repeat(LONGEST + 1)), Err(UsernameProblem::Length));
        assert!(USERNAME.contains(&format!("at most {LONGEST} characters")));
        assert!(ErrorCode::UsernameLength.message().contains(&format!("1 to {LONGEST} characters")));
    }

    #[test]
    fn the_texts_name_the_signs_that_a_user_name_may_contain() {
        for text in [USERNAME, ErrorCode::UsernameInvalid.message()] {
            assert!(text.contains(" . _ - @ +,"), "{text}");
        }
        for sign in (0x21..0x7f).map(char::from).filter(char::is_ascii_punctuation) {
            assert_eq!(Username::parse(&format!("a{sign}b")).is_ok(), "._-@+".contains(sign), "{sign}");
        }
    }
}
