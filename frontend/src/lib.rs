//! The entry point of the wasm build: hydrates the page in the browser.

use wasm_bindgen::prelude::wasm_bindgen;

/// Hydrates the HTML that the server rendered. The script in the page calls it once.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
