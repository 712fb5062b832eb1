//! The documents: their links have a target, the files that they name exist, their list of settings is that of the
//! code, and their commands do what the comment beside them says.
//!
//! A fork that has deleted a mode keeps the documents about it until its team edits them. There, only links between
//! documents are checked.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod commands;
mod document;
mod identifiers;
mod repository;
mod settings;

use std::path::{Component, Path, PathBuf};

use self::{
    document::{Document, documents},
    repository::{has_all_modes, is_of_type, read, root},
};

/// A longer README is not read to its end.
const README_MAX_LINES: usize = 150;
/// Endings of a file that a document names.
const EXTENSIONS: [&str; 7] = ["rs", "ts", "sql", "sh", "md", "css", "toml"];

fn report(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn every_link_leads_to_a_file_and_every_anchor_to_a_heading() {
    let documents = documents();
    let has_all_modes = has_all_modes();
    let mut problems = Vec::new();
    for Document { name, links, undefined, .. } in &documents {
        problems.extend(undefined.iter().map(|label| format!("{name}: nothing defines [{label}]")));
        for link in links.iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:")) {
            let (file, anchor) = link.split_once('#').map_or((&**link, None), |(file, anchor)| (file, Some(anchor)));
            let target = if file.is_empty() { Some(PathBuf::from(name)) } else { resolve(name, file) };
            let Some(target) = target else {
                problems.push(format!("{name}: {link} leads out of the repository"));
                continue;
            };
            let document = documents.iter().find(|document| Path::new(&document.name) == target);
            match (document, anchor) {
                (Some(document), Some(anchor)) if !document.anchors.contains(anchor) => {
                    problems.push(format!("{name}: {} has no heading #{anchor}", document.name));
                }
                (None, Some(_)) => problems.push(format!("{name}: {link} has an anchor and is no document")),
                (None, None) if has_all_modes && !root().join(&target).exists() => {
                    problems.push(format!("{name}: {} does not exist", target.display()));
                }
                _ => {}
            }
        }
    }
    report(&problems);
}

#[test]
fn every_file_that_a_document_names_exists() {
    if !has_all_modes() {
        return;
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let mut problems = Vec::new();
    for Document { name, codes, .. } in documents() {
        let paths = codes.into_iter().filter(|code| {
            code.contains('/') && !code.starts_with('/') && code.chars().all(is_plain) && is_of_type(code, &EXTENSIONS)
        });
        problems.extend(paths.filter(|path| !root().join(path).exists()).map(|path| format!("{name}: `{path}`")));
    }
    report(&problems);
}

#[test]
fn the_readme_is_short() {
    let lines = read("README.md").lines().count();
    assert!(lines <= README_MAX_LINES, "README.md has {lines} lines, {README_MAX_LINES} are allowed");
}

/// Path from the root of the repository, without `..`. `None`: it leads out of it.
fn resolve(document: &str, target: &str) -> Option<PathBuf> {
    let mut path = Path::new(document).parent().unwrap().to_path_buf();
    for component in Path::new(target).components() {
        match component {
            Component::Normal(name) => path.push(name),
            Component::ParentDir if path.pop() => {}
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(path)
}
