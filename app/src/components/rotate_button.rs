use leptos::prelude::*;

use crate::{client::SignIns, types::ModeInfo};

use super::{Announcement, ApiButton, Task};

/// Rotates the credential of one mode.
#[component]
pub(crate) fn RotateButton(
    info: ModeInfo,
    /// The address to return to without JavaScript.
    #[prop(into)]
    next: String,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let task = Task::new(None);
    let action = format!("/api/{}/rotate", info.id);
    let run = Callback::new(move |()| {
        let ModeInfo { id, name, .. } = info.clone();
        task.run(async move { sign_ins.rotate(&id).await }, move |me| {
            announcement.show(format!("{name}: rotated, now generation {}.", me.auth.generation));
        });
    });
    view! { <ApiButton action label="Rotate" quiet=true fields=vec![("next", next)] task run /> }
}
