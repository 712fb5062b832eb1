use leptos::{html::Input, prelude::*};

use crate::{locale::tr, types::Me};

use super::{
    Field, Hydrated,
    field::{described_by, focused_first, invalid},
};

/// As the server requires. Used here only for the count.
const SHORTEST_PASSWORD: usize = 15;

/// The hint for a new password.
pub(crate) fn new_password() -> &'static str {
    tr(
        "At least 15 characters, for example a few unrelated words. You can use spaces and letters of any language.",
        "15자 이상이어야 합니다. 예를 들어 서로 관계없는 단어를 몇 개 이어 쓰십시오. 공백과 모든 언어의 글자를 쓸 수 있습니다.",
    )
}

/// A password field with a button that shows the password. Pasting and password managers are allowed, as NIST SP
/// 800-63B requires.
#[component]
pub(crate) fn PasswordField(
    #[prop(default = "password")] name: &'static str,
    #[prop(default = tr("Password", "비밀번호"))] label: &'static str,
    autocomplete: &'static str,
    node: NodeRef<Input>,
    /// Receives the number of typed characters, in a form for a new password.
    #[prop(optional)]
    typed: Option<RwSignal<usize>>,
    #[prop(optional)] hint: &'static str,
    problems: Signal<Vec<String>>,
) -> impl IntoView {
    let hydrated = expect_context::<Hydrated>();
    let shown = RwSignal::new(false);
    let count = move |event| {
        if let Some(typed) = typed {
            typed.set(event_target_value(&event).chars().count());
        }
    };
    view! {
        <Field name label hint problems>
            <div class="relative">
                <input
                    type=move || if shown.get() { "text" } else { "password" }
                    class="input pr-14"
                    id=name
                    name=name
                    autocomplete=autocomplete
                    required
                    autofocus=focused_first(problems)
                    aria-describedby=described_by(name)
                    aria-invalid=invalid(problems)
                    on:input=count
                    node_ref=node
                />
                <Show when=move || hydrated.get()>
                    <button
                        type="button"
                        class="reveal"
                        aria-label=tr(format!("Show {}", label.to_lowercase()), format!("{label} 표시"))
                        aria-pressed=move || shown.get().to_string()
                        on:click=move |_| shown.update(|shown| *shown = !*shown)
                    >
                        <svg
                            viewBox="0 0 24 24"
                            width="22"
                            height="22"
                            fill="none"
                            stroke="currentColor"
                            stroke-width="1.75"
                            stroke-linecap="round"
                            aria-hidden="true"
                        >
                            <path d="M2.5 12s3.5-6 9.5-6 9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6z" />
                            <circle cx="12" cy="12" r="2.75" />
                            <Show when=move || shown.get()>
                                <path d="M4 20 20 4" />
                            </Show>
                        </svg>
                    </button>
                </Show>
            </div>
            {typed.map(|typed| view! { <p class="hint tabular-nums">{move || length(typed.get())}</p> })}
        </Field>
    }
}

/// Tells a password manager which account a form without a field for the user name is about. It has no name, so it is
/// not sent.
#[component]
pub(crate) fn AccountOfForm(user: Memo<Option<Me>>) -> impl IntoView {
    let username = move || user.get().map(|me| me.username);
    view! { <input type="text" autocomplete="username" value=username readonly hidden /> }
}

/// `7 characters, 8 more needed`, then `16 characters ✓`. `None` for an empty field.
fn length(typed: usize) -> Option<String> {
    let text = match SHORTEST_PASSWORD.saturating_sub(typed) {
        SHORTEST_PASSWORD => return None,
        0 => tr(format!("{typed} characters ✓"), format!("{typed}자 ✓")),
        missing => tr(
            format!("{typed} character{}, {missing} more needed", if typed == 1 { "" } else { "s" }),
            format!("{typed}자, {missing}자 더 필요합니다"),
        ),
    };
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{SHORTEST_PASSWORD, length, new_password};
    use crate::error::ErrorCode;

    #[test]
    fn the_count_says_how_many_characters_are_missing() {
        assert_eq!(length(0), None);
        assert_eq!(length(1).as_deref(), Some("1 character, 14 more needed"));
        assert_eq!(length(14).as_deref(), Some("14 characters, 1 more needed"));
        assert_eq!(length(15).as_deref(), Some("15 characters ✓"));
    }

    #[test]
    fn hint_count_and_error_have_the_same_minimum() {
        assert!(new_password().contains(&format!("At least {SHORTEST_PASSWORD} characters")));
        let too_short = ErrorCode::PasswordTooShort.message();
        assert!(too_short.contains(&format!("at least {SHORTEST_PASSWORD} characters")));
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn the_lengths_are_those_that_the_server_requires() {
        use auth::{Password, PasswordProblem};
        const LONGEST: usize = 256;
        let problem = |length: usize| {
            // Words that are on no list, so that only the length is refused.
            let text: String = "gravel otter lampshade ".chars().cycle().take(length).collect();
            Password::parse(&text).and_then(|password| password.check_new("alice")).err()
        };
        assert_eq!(problem(SHORTEST_PASSWORD - 1), Some(PasswordProblem::TooShort));
        assert_eq!(problem(SHORTEST_PASSWORD), None);
        assert_eq!(problem(LONGEST), None);
        assert_eq!(problem(LONGEST + 1), Some(PasswordProblem::TooLong));
        assert!(ErrorCode::PasswordTooLong.message().contains(&format!("at most {LONGEST} characters")));
    }
}
