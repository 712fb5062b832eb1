use futures::future::{FutureExt, LocalBoxFuture};
use leptos::{prelude::*, task::spawn_local};

use crate::{error::AppError, locale::tr, types::ModeId};

use super::{ErrorNote, signed_in_user};

type Answer<T> = Result<Vec<T>, AppError>;

/// A list from the API. Copies refer to the same list.
pub(crate) struct Listing<T: 'static> {
    answer: RwSignal<Option<Answer<T>>>,
    request: StoredValue<Request<T>>,
}

struct Request<T> {
    send: Box<dyn Fn() -> LocalBoxFuture<'static, Answer<T>> + Send + Sync>,
    /// The number of requests. Only the answer to the last one is shown.
    number: u32,
}

impl<T: Clone + Send + Sync + 'static> Listing<T> {
    /// Requests the list once a user is signed in with that mode, and again if another user signs in. A list that the
    /// server rendered is not requested.
    pub(crate) fn new<F>(mode: &ModeId, rendered: Option<Vec<T>>, send: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Answer<T>> + 'static,
    {
        let request = Request { send: Box::new(move || send().boxed_local()), number: 0 };
        let this = Self { answer: RwSignal::new(rendered.map(Ok)), request: StoredValue::new(request) };
        let user = signed_in_user(mode);
        let user = Memo::new(move |_| user.with(|me| me.as_ref().map(|me| me.id.clone())));
        Effect::new(move |earlier: Option<()>| {
            let signed_in = user.with(Option::is_some);
            if earlier.is_none() && signed_in && this.answer.with_untracked(Option::is_some) {
                return;
            }
            // Do not show one user's list to the next user.
            this.answer.set(None);
            if signed_in {
                spawn_local(this.reload());
            }
        });
        this
    }

    /// Requests the list again, and shows the answer.
    pub(crate) async fn reload(self) {
        let sent = self.request.try_update_value(|request| {
            request.number += 1;
            (request.number, (request.send)())
        });
        // The user may have left the page, here and below.
        let Some((number, answer)) = sent else { return };
        let answer = answer.await;
        if self.request.try_with_value(|request| request.number) == Some(number) {
            _ = self.answer.try_set(Some(answer));
        }
    }

    /// The cursor of the next page: `cursor` of the last entry, if this page is full.
    pub(crate) fn next(self, page_size: u8, cursor: fn(&T) -> &str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.answer.with(|answer| match answer {
                Some(Ok(entries)) if entries.len() >= usize::from(page_size) => {
                    entries.last().map(|last| cursor(last).to_owned())
                }
                Some(_) | None => None,
            })
        })
    }

    /// Whether the list was received.
    pub(crate) fn is_known(self) -> bool {
        self.answer.with(|answer| matches!(answer, Some(Ok(_))))
    }

    /// The entries. Empty until the list was received.
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

/// Shows a list, or that it is loading, or the error.
#[component]
pub(crate) fn Listed<T: Clone + Send + Sync + 'static>(
    listing: Listing<T>,
    /// The text for an empty list.
    empty: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    // Only whether it is empty: a change of entries must not rebuild the table around them.
    let state = Memo::new(move |_| {
        listing
            .answer
            .with(|answer| answer.as_ref().map(|answer| answer.as_ref().map(Vec::is_empty).map_err(Clone::clone)))
    });
    move || match state.get() {
        None => view! { <p class="mt-6 text-muted">{tr("Loading…", "불러오는 중입니다…")}</p> }.into_any(),
        Some(Err(error)) => {
            view! { <div class="mt-6"><ErrorNote error=Signal::stored(Some(error)) /></div> }.into_any()
        }
        Some(Ok(true)) => view! { <p class="mt-6 text-muted">{empty}</p> }.into_any(),
        Some(Ok(false)) => children().into_any(),
    }
}
