//! A document, as far as it can be checked.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::repository::{is_of_type, read, root};

/// What a document consists of, as far as it can be checked.
#[derive(Default)]
pub struct Document {
    /// Path from the root of the repository.
    pub name: String,
    pub links: Vec<String>,
    /// Links to a label that nothing defines.
    pub undefined: Vec<String>,
    pub anchors: BTreeSet<String>,
    /// Inline code.
    pub codes: Vec<String>,
    /// Inline code in the first column of a table.
    pub keys: BTreeSet<String>,
    /// The `bash` blocks.
    pub commands: Vec<String>,
}

/// Every document of the repository.
pub fn documents() -> Vec<Document> {
    let in_docs = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().file_name().into_string());
    let in_docs =
        in_docs.map(Result::unwrap).filter(|name| is_of_type(name, &["md"])).map(|name| format!("docs/{name}"));
    let mut names: Vec<_> = ["README.md", "CONTRIBUTING.md", "SECURITY.md"].map(str::to_owned).to_vec();
    names.extend(in_docs);
    names.sort();
    names.into_iter().map(|name| Document::parse(&read(&name), name)).collect()
}

impl Document {
    pub fn parse(text: &str, name: String) -> Self {
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
