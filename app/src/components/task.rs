use leptos::{prelude::*, task::spawn_local};

use crate::error::AppError;

/// One thing a button does: whether it is under way, and how it failed last.
#[derive(Clone, Copy)]
pub(crate) struct Task {
    busy: RwSignal<bool>,
    error: RwSignal<Option<AppError>>,
}

impl Task {
    /// Idle, and not failed. `error` is what a form without JavaScript came back with.
    pub(crate) fn new(error: Option<AppError>) -> Self {
        Self { busy: RwSignal::new(false), error: RwSignal::new(error) }
    }

    pub(crate) fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    pub(crate) fn error(self) -> Signal<Option<AppError>> {
        self.error.into()
    }

    /// What is wrong with one field.
    pub(crate) fn problems(self, field: &'static str) -> Signal<Vec<String>> {
        Signal::derive(move || {
            self.error
                .with(|error| error.as_ref().and_then(|error| error.fields.get(field).cloned()).unwrap_or_default())
        })
    }

    /// Does `work`, then `done` with its result. A second call meanwhile is ignored: a double click is one wish.
    pub(crate) fn run<T: 'static>(
        self,
        work: impl Future<Output = Result<T, AppError>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let outcome = work.await;
            // The reader may have left the page, and the signals with it.
            _ = self.busy.try_set(false);
            match outcome {
                Ok(value) => done(value),
                Err(error) => _ = self.error.try_set(Some(error)),
            }
        });
    }
}
