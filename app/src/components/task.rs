use leptos::{prelude::*, task::spawn_local};

use crate::error::AppError;

/// The action of a button or form: whether it is running, and its last error.
#[derive(Clone, Copy)]
pub(crate) struct Task {
    busy: RwSignal<bool>,
    error: RwSignal<Option<AppError>>,
}

impl Task {
    /// `error` is the result of a form without JavaScript.
    pub(crate) fn new(error: Option<AppError>) -> Self {
        Self { busy: RwSignal::new(false), error: RwSignal::new(error) }
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
        })
    }

    /// Runs `work`, then `done` with its result. Ignores a second call meanwhile, as from a double click.
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
            // The user may have left the page, which disposes the signals.
            _ = self.busy.try_set(false);
            match outcome {
                Ok(value) => done(value),
                Err(error) => _ = self.error.try_set(Some(error)),
            }
        });
    }
}
