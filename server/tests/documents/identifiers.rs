//! The functions and types that the documents name exist in the code.

use std::path::PathBuf;

use crate::{
    document::Document,
    report,
    repository::{files_of, has_all_modes, has_word, read},
};

/// Documents that lead a reader through the code by its names.
const WITH_NAMES: [&str; 4] = ["docs/architecture.md", "docs/forking.md", "docs/learn.md", "docs/patterns.md"];

/// The last part of a Rust name in inline code: `a_function`, `Type::method`, `a_macro!`. `None`: a command, a setting,
/// a path, a single lower-case word, which may be any word.
fn name_in_code(code: &str) -> Option<&str> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = code.trim_end_matches(['!', '(', ')']).rsplit("::").next()?;
    let is_name = !name.is_empty() && name.chars().all(is_of_name);
    let is_type = name.starts_with(|c: char| c.is_ascii_uppercase()) && name.contains(|c: char| c.is_ascii_lowercase());
    let is_function = name.contains('_') && name.contains(|c: char| c.is_ascii_lowercase());
    (is_name && (code.contains("::") || is_type || is_function)).then_some(name)
}

#[test]
fn every_function_and_type_that_a_document_names_exists() {
    if !has_all_modes() {
        return;
    }
    let files = ["app", "server", "frontend", "migrations", "end2end/support"]
        .map(|folder| files_of(folder, &["rs", "sql", "ts"]));
    let files = files.concat();
    let is_code = |path: &PathBuf| !path.starts_with("server/tests/documents");
    let texts: Vec<_> = files.into_iter().filter(is_code).map(read).collect();
    let mut problems = Vec::new();
    for name in WITH_NAMES {
        let codes = Document::parse(&read(name), name.to_owned()).codes;
        let missing = codes
            .iter()
            .filter(|code| name_in_code(code).is_some_and(|word| !texts.iter().any(|text| has_word(text, word))));
        problems.extend(missing.map(|code| format!("{name}: nothing is called `{code}`")));
    }
    report(&problems);
}
