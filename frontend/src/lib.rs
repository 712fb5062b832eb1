//! Where the browser takes the page over: the entry point of the wasm build, and nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Attaches the app to the HTML that the server rendered. The script in the page calls it once.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
