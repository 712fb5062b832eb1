//! The functions and types that the documents name exist in the code.

use std::path::PathBuf;

use crate::{
    document::documents,
    report,
    repository::{files_of, has_all_modes, has_word, read},
};

/// The Rust name in inline code, by its parts: `a_function`, `Type::method`, `a_macro!`. `None`: a command, a setting,
/// a path, a prefix, a single lower-case word, which may be any word.
fn name_in_code(code: &str) -> Option<Vec<&str>> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let parts: Vec<_> = code.trim_end_matches(['!', '(', ')']).split("::").collect();
    let is_name =
        parts.iter().all(|part| part.starts_with(|c: char| c.is_ascii_alphabetic()) && part.chars().all(is_of_name));
    let has_lower_case = parts.iter().all(|part| part.contains(|c: char| c.is_ascii_lowercase()));
    let is_one = match parts.as_slice() {
        [one] => one.starts_with(|c: char| c.is_ascii_uppercase()) || one.contains('_'),
        _ => true,
    };
    (is_name && has_lower_case && is_one && !code.ends_with('_')).then_some(parts)
}

#[test]
fn every_function_and_type_that_a_document_names_exists() {
    if !has_all_modes() {
        return;
    }
    let files = ["app", "server", "frontend", "migrations", "end2end/support"]
        .map(|folder| files_of(folder, &["rs", "sql", "ts", "py"]));
    let files = files.concat();
    let is_code = |path: &PathBuf| !path.starts_with("server/tests/documents");
    let texts: Vec<_> = files.into_iter().filter(is_code).map(read).collect();
    // One file has all parts: a type and its method, a module and its function.
    let exists = |parts: &[&str]| texts.iter().any(|text| parts.iter().all(|part| has_word(text, part)));
    let mut problems = Vec::new();
    for document in documents() {
        let missing = document.codes.iter().filter(|code| name_in_code(code).is_some_and(|parts| !exists(&parts)));
        problems.extend(missing.map(|code| format!("{}: nothing is called `{code}`", document.name)));
    }
    report(&problems);
}
