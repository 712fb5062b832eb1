//! The files of the repository, and the modes that it has.

use std::{
    fs,
    path::{Path, PathBuf},
};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

pub fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn is_of_type(name: &str, extensions: &[&str]) -> bool {
    Path::new(name).extension().is_some_and(|extension| extensions.iter().any(|known| extension == *known))
}

/// The files below a folder, as paths from the root of the repository.
pub fn files_of(folder: &str, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let name = format!("{folder}/{}", entry.unwrap().file_name().into_string().unwrap());
        if root().join(&name).is_dir() {
            found.extend(files_of(&name, extensions));
        } else if is_of_type(&name, extensions) {
            found.push(PathBuf::from(name));
        }
    }
    found
}

/// The modes that the README describes, by the row of ids in its table.
pub fn described_modes() -> Vec<String> {
    let readme = read("README.md");
    let ids = readme.lines().find_map(|line| line.strip_prefix("| id |")).unwrap_or_default();
    let ids: Vec<_> = ids.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(!ids.is_empty(), "README.md has no row of the modes' ids");
    ids
}

/// Is every mode there that the documents describe?
pub fn has_all_modes() -> bool {
    let list = read("server/auth/src/modes/mod.rs");
    described_modes().iter().all(|mode| list.contains(&format!("mod {mode};")))
}

/// Does the text contain the word, and not merely as a part of another?
pub fn has_word(text: &str, word: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_of_name) && !text[at + word.len()..].starts_with(is_of_name))
}
