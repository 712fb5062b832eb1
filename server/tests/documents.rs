//! The documents: their links have a target, the files that they name exist, their list of settings is that of the
//! code, and their commands do what the comment beside them says.
//!
//! A fork that has deleted a mode keeps the documents about it until its team edits them. There, only links between
//! documents are checked.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead as _, BufReader},
    path::{Component, Path, PathBuf},
    process::{Child, Command, Stdio},
};

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

/// A longer README is not read to its end.
const README_MAX_LINES: usize = 150;
/// Endings of a file that a document names.
const EXTENSIONS: [&str; 7] = ["rs", "ts", "sql", "sh", "md", "css", "toml"];
/// Documents whose `bash` blocks are run. Other shell blocks are `sh`: they build, need another program, or do not
/// end.
const WITH_COMMANDS: [&str; 2] = ["docs/api.md", "docs/simplejwt.md"];
/// The server in those blocks. The test puts its own in this place.
const SERVER: &str = "http://localhost:3000";
/// The functions that read a setting by its name.
const READERS: [&str; 7] = ["text(", "switch(", "seconds(", "seconds_from(", "count(", "list(", "rate("];

/// What a document consists of, as far as it can be checked.
#[derive(Default)]
struct Document {
    /// Path from the root of the repository.
    name: String,
    links: Vec<String>,
    /// Links to a label that nothing defines.
    undefined: Vec<String>,
    anchors: BTreeSet<String>,
    /// Inline code.
    codes: Vec<String>,
    /// Inline code in the first column of a table.
    keys: BTreeSet<String>,
    /// The `bash` blocks.
    commands: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn documents() -> Vec<Document> {
    let in_docs = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().file_name().into_string());
    let in_docs =
        in_docs.map(Result::unwrap).filter(|name| is_of_type(name, &["md"])).map(|name| format!("docs/{name}"));
    let mut names: Vec<_> = ["README.md", "CONTRIBUTING.md", "SECURITY.md"].map(str::to_owned).to_vec();
    names.extend(in_docs);
    names.sort();
    names.into_iter().map(|name| Document::parse(&read(&name), name)).collect()
}

fn is_of_type(name: &str, extensions: &[&str]) -> bool {
    Path::new(name).extension().is_some_and(|extension| extensions.iter().any(|known| extension == *known))
}

impl Document {
    fn parse(text: &str, name: String) -> Self {
        let mut document = Self { name, ..Self::default() };
        let mut undefined = Vec::new();
        let on_broken = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
            // A shortcut, as `[x]`, may be meant as it stands.
            if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
                undefined.push(link.reference.into_string());
            }
            None
        };
        let mut slugs = BTreeMap::new();
        let (mut heading, mut block, mut column) = (None, None, None);
        for event in Parser::new_with_broken_link_callback(text, Options::ENABLE_TABLES, Some(on_broken)) {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    document.links.push(dest_url.into_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let slug = slug(&heading.take().unwrap());
                    let count = slugs.entry(slug.clone()).and_modify(|count| *count += 1).or_insert(0);
                    document.anchors.insert(if *count == 0 { slug } else { format!("{slug}-{count}") });
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) if &*language == "bash" => {
                    block = Some(String::new());
                }
                Event::End(TagEnd::CodeBlock) => document.commands.extend(block.take()),
                Event::Start(Tag::TableHead | Tag::TableRow) => column = Some(0),
                Event::End(TagEnd::TableHead | TagEnd::TableRow) => column = None,
                Event::End(TagEnd::TableCell) => column = column.map(|column| column + 1),
                Event::Code(code) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&code);
                    }
                    if column == Some(0) {
                        document.keys.insert(code.to_string());
                    }
                    document.codes.push(code.into_string());
                }
                Event::Text(text) => {
                    if let Some(open) = heading.as_mut().or(block.as_mut()) {
                        open.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        Self { undefined, ..document }
    }
}

/// The anchor that GitHub gives a heading.
fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
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

/// The modes that the README describes, by the row of ids in its table.
fn described_modes() -> Vec<String> {
    let readme = read("README.md");
    let ids = readme.lines().find_map(|line| line.strip_prefix("| id |")).unwrap_or_default();
    ids.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Is every mode there that the documents describe?
fn has_all_modes() -> bool {
    let list = read("server/auth/src/modes/mod.rs");
    let described = described_modes();
    !described.is_empty() && described.iter().all(|mode| list.contains(&format!("mod {mode};")))
}

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
    let texts: Vec<_> = files.iter().map(PathBuf::as_path).chain([Path::new("Makefile")]).map(read).collect();
    let is_read = |name: &str| texts.iter().any(|text| has_word(text, name));
    problems.extend(documented.iter().filter(|name| !is_read(name)).map(|name| format!("nothing reads {name}")));
    report(&problems);
}

fn is_setting_name(text: &str) -> bool {
    let is_of_one = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.len() > 3 && text.chars().all(is_of_one)
}

fn has_word(text: &str, word: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_of_name) && !text[at + word.len()..].starts_with(is_of_name))
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

/// The files below a folder, as paths from the root of the repository.
fn files_of(folder: &str, extensions: &[&str]) -> Vec<PathBuf> {
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

/// A server with the demo users and the default settings, on a port of its own and an empty database.
struct Server {
    process: Child,
    origin: String,
    folder: tempfile::TempDir,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_server"))
            .env_clear()
            .envs([
                ("APP_ENV", "development"),
                ("DEMO_USERS", "true"),
                ("LISTEN_ADDR", "127.0.0.1:0"),
                ("RUST_LOG", "off"),
            ])
            .env("DATA_DIR", folder.path().join("data"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let listens = lines.into_iter().find(|line| line.starts_with("Latchkey listens")).expect("the server starts");
        let origin = listens.rsplit_once(' ').unwrap().1.to_owned();
        Self { process, origin, folder }
    }

    /// What a shell prints for these commands. It stops at the first one that fails.
    fn run(&self, commands: &str) -> String {
        let output = Command::new("bash")
            .args(["-eu", "-o", "pipefail", "-c", &commands.replace(SERVER, &self.origin)])
            .current_dir(self.folder.path())
            // curl then uses no proxy and no .curlrc.
            .envs([("no_proxy", "localhost"), ("HOME", "/nonexistent")])
            .output()
            .unwrap();
        let (out, error) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "the commands failed: {error}\nafter this:\n{out}");
        out
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The claims of the comments at the ends of lines: `# 204, X-Revocation: immediate` is a status and words of the
/// answer.
fn promises(commands: &str) -> Vec<(&str, Vec<&str>)> {
    let comments = commands.lines().filter_map(|line| Some(line.rsplit_once(" # ")?.1.trim()));
    let promised = comments.filter_map(|comment| {
        let mut words = comment.split(", ");
        let status = words.next()?;
        let is_status = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
        is_status.then(|| (status, words.collect()))
    });
    promised.collect()
}

#[test]
fn the_commands_of_the_documents_do_what_they_say() {
    let has_programs = ["bash", "curl"].iter().all(|program| {
        Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
    });
    if !has_programs || !has_all_modes() {
        return;
    }
    for name in WITH_COMMANDS {
        let commands = Document::parse(&read(name), name.to_owned()).commands.join("\n");
        assert!(commands.contains(SERVER), "{name} has no commands");
        let out = Server::start().run(&commands);
        // `curl -i` prints one head for each answer.
        let answers: Vec<_> = out.split("HTTP/1.1 ").skip(1).collect();
        let promised = promises(&commands);
        let statuses: Vec<_> = answers.iter().map(|answer| &answer[..3]).collect();
        let expected: Vec<_> = promised.iter().map(|(status, _)| *status).collect();
        assert_eq!(statuses, expected, "{name} promises something else than the server answers:\n{out}");
        for ((_, words), answer) in promised.iter().zip(answers) {
            for word in words {
                assert!(answer.to_lowercase().contains(&word.to_lowercase()), "{name}: no {word} in:\n{answer}");
            }
        }
    }
}
