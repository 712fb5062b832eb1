use leptos::{html, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use crate::{client::SignIns, error::AppError, locale::tr, types::ModeId};

use super::{Hydrated, lost_sign_in};

/// The frame of a page: its title as document title and only `h1`, a lead, the live region, and the content.
#[component]
pub(crate) fn Page(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] lead: String,
    /// The first message of the live region.
    #[prop(optional_no_strip)]
    message: Option<String>,
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::new();
    let announcement = Announcement::provide(message, heading);
    // After a page load, a screen reader starts at the top. After a navigation inside the app, focus the heading
    // instead.
    let navigated = expect_context::<Hydrated>().get_untracked();
    Effect::new(move || {
        if let Some(heading) = heading.get().filter(|_| navigated) {
            // Fails only if the element cannot be focused. The focus then stays where it is.
            _ = heading.focus();
        }
    });
    // leptos_meta reads the title once more during the change to the next page, when this page's signals are disposed.
    view! {
        <Title text=move || title.try_get().unwrap_or_default() />
        <header>
            <h1
                class="text-4xl font-semibold tracking-tight text-balance sm:text-5xl"
                tabindex="-1"
                node_ref=heading
            >
                {move || title.get()}
            </h1>
            {(!lead.is_empty()).then(|| view! { <p class="mt-4 max-w-3xl text-lg text-muted text-pretty">{lead}</p> })}
        </header>
        {announcement.view()}
        {children()}
    }
}

/// The message of a page about the result of the last action. One live region per page, so that a screen reader reads
/// each message once.
///
/// A page shows one result at a time: a message of success replaces an error, wherever it is on the page, and an error
/// replaces a message.
#[derive(Clone, Copy)]
pub(crate) struct Announcement {
    message: RwSignal<Option<String>>,
    /// The error that the page shows beside a button or a field.
    error: StoredValue<Option<RwSignal<Option<AppError>>>>,
    /// The mode of the last action, if its sign-in was over.
    lost: RwSignal<Option<ModeId>>,
    element: NodeRef<html::P>,
    /// The heading of the page.
    heading: NodeRef<html::H1>,
}

impl Announcement {
    /// Provides it in the context of a page. `first` is the result of a form without JavaScript.
    pub(crate) fn provide(first: Option<String>, heading: NodeRef<html::H1>) -> Self {
        let message = RwSignal::new(first);
        let (error, lost) = (StoredValue::new(None), RwSignal::new(None));
        let this = Self { message, error, lost, element: NodeRef::new(), heading };
        provide_context(this);
        this.clear_when_a_sign_in_ends();
        this
    }

    /// Replaces the message. Does nothing if the user has left the page.
    pub(crate) fn show(self, message: impl Into<String>) {
        _ = self.message.try_set(Some(message.into()));
        request_animation_frame(move || self.catch_focus());
    }

    /// Removes the last result: its message, or its error. Does nothing if the user has left the page.
    pub(crate) fn clear(self) {
        _ = self.message.try_set(None);
        _ = self.lost.try_set(None);
        if let Some(Some(error)) = self.error.try_update_value(Option::take) {
            _ = error.try_set(None);
        }
    }

    /// Says that the action was refused because its sign-in was over. Does nothing if the user has left the page.
    pub(crate) fn show_lost(self, mode: ModeId) {
        _ = self.lost.try_set(Some(mode));
    }

    /// Whether the page shows that alert: it has a link to the login of this mode.
    pub(crate) fn has_lost(self, mode: &ModeId) -> bool {
        self.lost.with(|lost| lost.as_ref() == Some(mode))
    }

    /// Removes the message when the server ends a sign-in of this browser: it is about an earlier state, and the page
    /// shows the reason of the end.
    fn clear_when_a_sign_in_ends(self) {
        let sign_ins = expect_context::<SignIns>();
        for state in sign_ins.modes().into_iter().map(|info| sign_ins.state(&info.id)) {
            let has_ended = move || state.with(|state| state.end_reason().is_some());
            let clear = move |ended: &bool, _: Option<&bool>, _: Option<()>| {
                if *ended {
                    _ = self.message.try_set(None);
                }
            };
            Effect::watch(has_ended, clear, false);
        }
    }

    /// Makes this error the one that the next result removes.
    pub(crate) fn track_error(self, error: RwSignal<Option<AppError>>) {
        _ = self.error.try_set_value(Some(error));
    }

    /// Removes the message at the user's request. Its button disappears, so the heading takes the focus: the browser
    /// would otherwise move the keyboard to the top of the page.
    fn dismiss(self) {
        self.message.set(None);
        if let Some(heading) = self.heading.get_untracked() {
            // Fails only if the element cannot be focused. The focus then stays where it is.
            _ = heading.focus();
        }
    }

    /// Takes the focus if an action removed the button that was pressed, as a logout does: the browser would otherwise
    /// move the keyboard to the top of the page.
    fn catch_focus(self) {
        let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
        if let Some(Some(element)) = self.element.try_get_untracked().filter(|_| lost) {
            // Fails only if the element cannot be focused. The focus then stays where it is.
            _ = element.focus();
        }
    }

    /// The live region. It is in the document from the start: assistive technology ignores regions that are added
    /// later.
    pub(crate) fn view(self) -> impl IntoView {
        let hydrated = expect_context::<Hydrated>();
        let path = use_location().pathname;
        let shown = move || self.message.with(Option::is_some);
        view! {
            <div class="announcement" data-shown=move || shown().to_string()>
                <p role="status" tabindex="-1" class="grow" node_ref=self.element>
                    {move || self.message.get()}
                </p>
                <Show when=move || hydrated.get() && shown()>
                    <button
                        type="button"
                        class="dismiss"
                        aria-label=tr("Dismiss", "닫기")
                        on:click=move |_| self.dismiss()
                    >
                        <span aria-hidden="true">"×"</span>
                    </button>
                </Show>
            </div>
            {move || self.lost.get().map(|mode| lost_sign_in(&mode, &path.read_untracked()))}
        }
    }
}
