use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    client::{OldToken, Scope, SignIn, SignIns},
    components::{
        Announcement, ApiButton, LogOutButton, ModeRegion, ModeState, Page, SIGNATURE_ONLY, SignInStatus, Task,
        logout_message, revocation_of_form,
    },
    types::{ModeId, ModeInfo},
};

/// `/logout`: ends sign-ins, and says which copies of a credential still work.
#[component]
pub(crate) fn Logout() -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let message = done(&use_query_map().read_untracked(), sign_ins);
    let regions = sign_ins.modes().into_iter().enumerate().map(move |(position, info)| {
        view! {
            <ModeRegion position info=info.clone()>
                <ModeState info=info.clone() />
                <Buttons info />
            </ModeRegion>
        }
    });
    view! {
        <Page
            title="Log out"
            lead="Deleting a credential from this browser is easy. To stop every copy of it, the server must remember something \
            about the sign-in, and not every mode does."
            message
        >
            <div class="region-grid">{regions.collect_view()}</div>
            <LogOutEverywhere />
        </Page>
    }
}

#[component]
fn Buttons(info: ModeInfo) -> impl IntoView {
    let status = SignInStatus::of(&info.id);
    let log_in = format!("/login?mode={}&next=/logout", info.id);
    let name = info.name.clone();
    let logout = move |scope, label: &'static str, about| {
        view! { <LogOutButton info=info.clone() scope label about old_token=OldToken::Keep /> }
    };
    view! {
        <div class="actions">
            {move || match status.get() {
                SignInStatus::Unknown => ().into_any(),
                SignInStatus::SignedOut => {
                    view! { <a class="button quiet" href=log_in.clone()>{format!("Log in ({name})")}</a> }.into_any()
                }
                SignInStatus::SignedIn => {
                    view! {
                        {logout(Scope::Here, "Log out", format!("of {name}"))}
                        {logout(Scope::EveryDevice, "Log out on every device", format!("({name})"))}
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// The result of a form without JavaScript, from the query.
fn done(query: &ParamsMap, sign_ins: SignIns) -> Option<String> {
    let what = match query.get("done")? {
        done if done == "everywhere" => "Logged out everywhere".to_owned(),
        mode => format!("Logged out of {}", sign_ins.info(&ModeId(mode))?.name),
    };
    Some(logout_message(&what, revocation_of_form(query)?, sign_ins.now().get_untracked()))
}

/// Ends every sign-in of the user, in all modes and on all devices. Any live sign-in is enough to ask for it.
#[component]
fn LogOutEverywhere() -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let task = Task::new(None);
    let states: Vec<_> = sign_ins.modes().into_iter().map(|info| (sign_ins.state(&info.id), info.id)).collect();
    let by = Memo::new({
        let states = states.clone();
        move |_| {
            states
                .iter()
                .find_map(|(state, mode)| state.with(|state| state.me().map(|me| (mode.clone(), me.username.clone()))))
        }
    });
    let whose = move || by.with(|by| by.as_ref().map_or_else(|| "a user".to_owned(), |(_, name)| name.clone()));
    let signed_out = move || {
        let unanswered = |state: &SignIn| matches!(state, SignIn::Unanswered { .. });
        if states.iter().any(|(state, _)| state.with(unanswered)) {
            "Asking the server who is signed in…"
        } else {
            "No user is signed in."
        }
    };
    let run = Callback::new(move |()| {
        let Some((mode, _)) = by.get_untracked() else { return };
        task.run(async move { sign_ins.logout_everywhere(&mode).await }, move |revocation| {
            announcement.show(logout_message("Logged out everywhere", revocation, sign_ins.now().get_untracked()));
        });
    });
    view! {
        <section class="strip mt-12" aria-labelledby="everywhere">
            <div class="max-w-xl">
                <h2 id="everywhere" class="text-xl font-semibold tracking-tight">"Everywhere"</h2>
                <p class="mt-2 text-muted text-pretty wrap-anywhere">
                    "Ends every sign-in of " {whose} " in all modes and on all devices. The server raises one number in the user's \
                    row, the epoch, and refuses sign-ins with an older epoch. " {SIGNATURE_ONLY}
                </p>
            </div>
            {move || match by.get() {
                Some((mode, _)) => {
                    let fields = vec![("mode", mode.to_string())];
                    view! {
                        <ApiButton action=Scope::Everywhere.path(&mode) label="Log out everywhere" fields task run />
                    }
                        .into_any()
                }
                None => view! { <p class="text-muted">{signed_out.clone()}</p> }.into_any(),
            }}
        </section>
    }
}
