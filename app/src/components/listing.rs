use futures::future::{FutureExt, LocalBoxFuture};
use leptos::{prelude::*, task::spawn_local};

use crate::{error::AppError, types::ModeId};

use super::{ErrorNote, who};

type Answer<T> = Result<Vec<T>, AppError>;

/// A list that the API has, as a page shows it. Copies are the same list.
pub(crate) struct Listing<T: 'static> {
    answer: RwSignal<Option<Answer<T>>>,
    question: StoredValue<Question<T>>,
}

struct Question<T> {
    ask: Box<dyn Fn() -> LocalBoxFuture<'static, Answer<T>> + Send + Sync>,
    /// How often it was asked. Only the answer to the last time counts.
    times: u32,
}

impl<T: Clone + Send + Sync + 'static> Listing<T> {
    /// Asks as soon as somebody is signed in by that mode, and again when that is somebody else. What the server has sent
    /// along is not asked for.
    pub(crate) fn new<F>(mode: &ModeId, sent: Option<Vec<T>>, ask: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Answer<T>> + 'static,
    {
        let question = Question { ask: Box::new(move || ask().boxed_local()), times: 0 };
        let this = Self { answer: RwSignal::new(sent.map(Ok)), question: StoredValue::new(question) };
        let reader = who(mode);
        let reader = Memo::new(move |_| reader.with(|me| me.as_ref().map(|me| me.id.clone())));
        Effect::new(move |earlier: Option<()>| {
            let anybody = reader.with(Option::is_some);
            if earlier.is_none() && anybody && this.answer.with_untracked(Option::is_some) {
                return;
            }
            // What one user was shown is not for the next.
            this.answer.set(None);
            if anybody {
                spawn_local(this.reload());
            }
        });
        this
    }

    /// Asks again, and shows the answer.
    pub(crate) async fn reload(self) {
        let asked = self.question.try_update_value(|question| {
            question.times += 1;
            (question.times, (question.ask)())
        });
        // The reader may have left the page, here and below.
        let Some((times, answer)) = asked else { return };
        let answer = answer.await;
        if self.question.try_with_value(|question| question.times) == Some(times) {
            _ = self.answer.try_set(Some(answer));
        }
    }

    /// Whether the entries are all that there are.
    pub(crate) fn is_known(self) -> bool {
        self.answer.with(|answer| matches!(answer, Some(Ok(_))))
    }

    /// The entries, as far as they are known.
    pub(crate) fn entries(self) -> Vec<T> {
        self.answer.with(|answer| match answer {
            Some(Ok(entries)) => entries.clone(),
            Some(Err(_)) | None => Vec::new(),
        })
    }
}

impl<T> Clone for Listing<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Listing<T> {}

/// Shows a list once it is there; until then that it is on its way, or why it is not coming.
#[component]
pub(crate) fn Listed<T: Clone + Send + Sync + 'static>(
    listing: Listing<T>,
    /// What to say of a list without entries.
    empty: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    // How many does not matter, so that a change of entries does not rebuild what stands around them.
    let state = Memo::new(move |_| {
        listing
            .answer
            .with(|answer| answer.as_ref().map(|answer| answer.as_ref().map(Vec::is_empty).map_err(Clone::clone)))
    });
    move || match state.get() {
        None => view! { <p class="mt-6 text-muted">"Asking the server…"</p> }.into_any(),
        Some(Err(error)) => {
            view! { <div class="mt-6"><ErrorNote error=Signal::stored(Some(error)) /></div> }.into_any()
        }
        Some(Ok(true)) => view! { <p class="mt-6 text-muted">{empty}</p> }.into_any(),
        Some(Ok(false)) => children().into_any(),
    }
}
