//! The list of settings is that of the code.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use crate::{
    document::Document,
    report,
    repository::{described_modes, files_of, has_all_modes, has_word, read},
};

/// The functions that read a setting by its name.
const READERS: [&str; 7] = ["text(", "switch(", "seconds(", "seconds_from(", "count(", "list(", "rate("];

#[test]
fn the_settings_are_documented_and_the_documented_settings_exist() {
    if !has_all_modes() {
        return;
    }
    let documented = Document::parse(&read("docs/settings.md"), "docs/settings.md".to_owned()).keys;
    let documented: BTreeSet<_> = documented.into_iter().filter(|key| is_setting_name(key)).collect();
    let known = BTreeSet::from_iter(settings_in_the_code());
    let mut problems: Vec<_> = known.difference(&documented).map(|name| format!("{name} is not documented")).collect();
    // The build and the tests have variables of their own.
    let files =
        [files_of("server", &["rs"]), files_of("scripts", &["sh"]), files_of("end2end/support", &["ts"])].concat();
    let texts: Vec<_> = files.iter().map(PathBuf::as_path).chain([Path::new("Makefile")]).map(code_of).collect();
    let is_read = |name: &str| texts.iter().any(|text| has_word(text, name));
    problems.extend(documented.iter().filter(|name| !is_read(name)).map(|name| format!("nothing reads {name}")));
    report(&problems);
}

/// The text of a file without its comments, which may name what the code no longer reads.
fn code_of(path: &Path) -> String {
    let text = read(path);
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

fn is_setting_name(text: &str) -> bool {
    let is_of_one = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.len() > 3 && text.chars().all(is_of_one)
}

/// Names in upper case in quotes in the code: those with an underscore, and those that a reader of settings gets.
fn settings_in_the_code() -> Vec<String> {
    let modes = described_modes();
    let mut names = Vec::new();
    for path in [files_of("server/src", &["rs"]), files_of("server/auth/src", &["rs"])].concat() {
        let of_undescribed_mode = path.strip_prefix("server/auth/src/modes").is_ok_and(|rest| {
            let mode = rest.components().next().unwrap().as_os_str();
            mode != "mod.rs" && !modes.iter().any(|known| Path::new(mode).file_stem().unwrap() == known.as_str())
        });
        let text = read(&path);
        let is_for_tests = path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs");
        if of_undescribed_mode || is_for_tests {
            continue;
        }
        let mut before = "";
        for part in text.split("\nmod tests {").next().unwrap().split('"') {
            let is_read = READERS.iter().any(|reader| before.trim_end().ends_with(reader));
            if is_setting_name(part) && (part.contains('_') || is_read) {
                names.push(part.to_owned());
            }
            before = part;
        }
    }
    names
}
