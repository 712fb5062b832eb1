use leptos::{html::Input, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
    params::ParamsMap,
};

use crate::{
    client::api,
    components::{ErrorNote, Page, PasswordField, SubmitButton, Task, TextField, new_password},
    error::AppError,
    locale::tr,
    paths::after_registration,
};

/// The hint for the user name.
fn username_hint() -> &'static str {
    tr("Letters, digits and . _ - @ +, at most 64 characters.", "글자, 숫자, . _ - @ + 를 쓸 수 있고, 최대 64자입니다.")
}

/// The message of the home page, to which a registration leads: see [`after_registration`]. It is the same for a free
/// and a taken name, so that it does not reveal which accounts exist.
pub(crate) fn registered(query: &ParamsMap) -> Option<&'static str> {
    query.get_str("registered").map(|_| {
        tr(
            "If the name was free, the account now exists. Now log in. If your password is refused, that name was already taken: \
            choose another.",
            "사용 중인 이름이 아니었다면 계정이 만들어졌습니다. 이제 로그인하십시오. 비밀번호가 거부되면 이미 사용 중인 이름이므로 다른 이름을 \
            고르십시오.",
        )
    })
}

/// `/register`: creates an account.
#[component]
pub(crate) fn Register() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let username = query.get("username").unwrap_or_default();
    let error = AppError::of_form(query.get_str("error"), query.get_str("field"));
    view! {
        <Page
            title=tr("Create an account", "계정 만들기")
            lead=tr("It needs only a username and a password.", "사용자 이름과 비밀번호만 있으면 됩니다.")
        >
            <div class="mt-8 max-w-xl">
                <RegisterForm username error />
                <p class="hint mt-6">
                    {tr("Have one already? ", "이미 계정이 있습니까? ")}
                    <a class="link" href="/login">{tr("Log in", "로그인")}</a>
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
            aria-label=tr("Create an account", "계정 만들기")
            method="post"
            action="/api/register"
            novalidate
            on:submit=submit
        >
            <ErrorNote error=task.error() />
            <TextField
                name="username"
                label=tr("Username", "사용자 이름")
                autocomplete="username"
                node=name
                value=username
                hint=username_hint()
                problems=task.problems("username")
            />
            <PasswordField
                autocomplete="new-password"
                node=password
                typed
                hint=new_password()
                problems=task.problems("password")
            />
            <SubmitButton label=tr("Create account", "계정 만들기") busy=task.busy() />
        </form>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use auth::{Username, UsernameProblem};

    use super::username_hint;
    use crate::error::ErrorCode;

    const LONGEST: usize = 64;

    #[test]
    fn the_texts_name_the_maximum_length_of_a_user_name() {
        assert!(Username::parse(&"a".repeat(LONGEST)).is_ok());
        assert_eq!(Username::parse(&"a".repeat(LONGEST + 1)), Err(UsernameProblem::Length));
        assert!(username_hint().contains(&format!("at most {LONGEST} characters")));
        assert!(ErrorCode::UsernameLength.message().contains(&format!("1 to {LONGEST} characters")));
    }

    #[test]
    fn the_texts_name_the_signs_that_a_user_name_may_contain() {
        for text in [username_hint(), ErrorCode::UsernameInvalid.message()] {
            assert!(text.contains(" . _ - @ +,"), "{text}");
        }
        for sign in (0x21..0x7f).map(char::from).filter(char::is_ascii_punctuation) {
            assert_eq!(Username::parse(&format!("a{sign}b")).is_ok(), "._-@+".contains(sign), "{sign}");
        }
    }
}
