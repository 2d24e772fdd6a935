//! An entry of a sidecar.

use careen_text::closest;
use careen_yaml::{Kind, Node};

use crate::grammar::{self, Said};

/// The keys of an entry.
const KEYS: [&str; 5] = ["item", "section", "line", "careen", "phase"];

/// What is bound to what.
pub(super) struct Entry {
    /// The offset of the entry.
    pub(super) at: usize,
    /// The text of the item, or a pattern.
    pub(super) item: String,
    /// A heading above it.
    pub(super) section: Option<String>,
    /// Its line.
    pub(super) line: Option<i64>,
    /// What the entry says of it.
    pub(super) said: Said,
}

/// Reads an entry, and tells what is wrong with it. One that does not say which item it means is left
/// out.
pub(super) fn read_entry(node: Node<'_>, say: &mut impl FnMut(usize, String)) -> Option<Entry> {
    let at = node.span().start as usize;
    if node.kind() != Kind::Mapping {
        say(at, "is no entry: write `item:` and `careen:`".to_owned());
        return None;
    }
    for entry in node.entries() {
        let name = entry.name().unwrap_or_default();
        if !KEYS.contains(&name) {
            say(entry.key.span().start as usize, unknown(name));
        }
    }
    let text = |key: &str| node.get(key).and_then(|value| value.text());
    let Some(item) = text("item").map(one_line).filter(|item| !item.is_empty()) else {
        say(at, "the entry names no item: add `item:` with its text".to_owned());
        return None;
    };
    let mut said = read_said(node, say);
    if let Some(value) = node.get("phase") {
        match grammar::phase(value.text().unwrap_or_default()) {
            Ok(phase) => said.phase = Some(phase),
            Err(message) => spoil(&mut said, value.span().start as usize, message, say),
        }
    } else if node.get("careen").is_none() {
        let message = "the entry binds nothing: add `careen:` or `phase:`".to_owned();
        spoil(&mut said, at, message, say);
    }
    let line = node.get("line");
    if let Some(line) = line.filter(|line| line.as_i64().is_none()) {
        say(line.span().start as usize, "`line` is no number".to_owned());
        return None;
    }
    Some(Entry {
        at,
        item,
        section: text("section").map(one_line),
        line: line.and_then(|line| line.as_i64()),
        said,
    })
}

fn read_said(node: Node<'_>, say: &mut impl FnMut(usize, String)) -> Said {
    let Some(value) = node.get("careen") else { return Said::default() };
    let at = value.span().start as usize;
    let Some(text) = value.text() else {
        let mut said = Said::default();
        spoil(&mut said, at, "`careen` is no text: write `careen: tls-valid`".to_owned(), say);
        return said;
    };
    let said = grammar::read(text);
    for problem in &said.problems {
        // Where the text is written as it is read, the very word can be shown.
        let is_plain = node.source().slice(value.span()) == text;
        say(at + if is_plain { problem.at } else { 0 }, problem.message.clone());
    }
    said
}

/// Nothing that an entry with something wrong is about may pass.
fn spoil(said: &mut Said, at: usize, message: String, say: &mut impl FnMut(usize, String)) {
    said.problems.push(grammar::Problem { at: 0, message: message.clone() });
    say(at, message);
}

fn unknown(name: &str) -> String {
    let shown = shown(name);
    match closest(name, KEYS) {
        Some(near) => format!("no key is called `{shown}` (did you mean `{near}`?)"),
        None => format!("no key is called `{shown}`: there are {}", KEYS.join(", ")),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Something of a file, short enough for a message.
pub(super) fn shown(text: &str) -> String {
    let text = text.replace('`', "'");
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
