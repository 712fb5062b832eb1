// mode: jwt
use js_sys::{Array, JSON, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::Member;

/// The members of a JSON object, in their order. `None` for any other text. The browser has a parser, so that a page
/// for people does not need a second one.
pub(crate) fn json_members(text: &str) -> Option<Vec<Member>> {
    let object: Object = JSON::parse(text).ok()?.dyn_into().ok()?;
    Object::entries(&object).iter().map(|entry| member(&entry.into())).collect()
}

fn member(entry: &Array) -> Option<Member> {
    let (name, value) = (entry.get(0).as_string()?, entry.get(1));
    let text = value.as_string().or_else(|| JSON::stringify(&value).ok()?.as_string())?;
    Some(Member { name, text, number: whole_number(&value) })
}

#[expect(clippy::cast_possible_truncation, reason = "JavaScript has f64 numbers only; this one is whole and not large")]
fn whole_number(value: &JsValue) -> Option<i64> {
    value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e15).map(|number| number as i64)
}
