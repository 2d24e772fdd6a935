//! A YAML file with fixed keys, read strictly: what is signed must mean one thing to everybody.

use std::sync::Arc;

use careen_text::{Encoding, Source, Span, closest, sanitize_line};
use careen_yaml::{Kind, Limits, Node, Style, Tree};

use crate::{Document, MOST_BYTES, Trouble};

/// Characters of a text.
const LONGEST_TEXT: usize = 4_000;
/// Characters of a word that a message quotes.
const LONGEST_QUOTE: usize = 60;

/// Parses a file; nothing is judged yet.
pub(crate) fn parse(document: &Document) -> Tree {
    let bytes = document.bytes.get(..MOST_BYTES).unwrap_or(&document.bytes);
    let source = Source::from_bytes(Arc::clone(&document.path), bytes.to_vec());
    let limits = Limits { max_nodes: 10_000, max_depth: 16, max_alias_expansion: 10_000 };
    careen_yaml::parse(&Arc::new(source), &limits)
}

/// The mapping that a file holds, and what is wrong with it.
pub(crate) struct Fields<'t> {
    root: Node<'t>,
    what: &'static str,
    troubles: Vec<Trouble>,
}

impl<'t> Fields<'t> {
    /// The mapping, if the file is nothing but one with these keys. `what` is how messages call it.
    pub(crate) fn open(
        document: &Document,
        tree: &'t Tree,
        what: &'static str,
        keys: &[&str],
    ) -> Result<Self, Vec<Trouble>> {
        let at = |span: Span, message: String| Err(vec![trouble(tree.source(), span, message)]);
        if document.bytes.len() > MOST_BYTES {
            let most = MOST_BYTES >> 10;
            return at(Span::at(0), format!("is larger than {most} KiB, and {what} is not"));
        }
        if tree.source().encoding() != Encoding::Utf8 {
            return at(Span::at(0), "is not UTF-8: save it as UTF-8".to_owned());
        }
        if let Some(problem) = tree.problems().first() {
            return at(problem.span, problem.message.clone());
        }
        if let Some(second) = tree.document(1) {
            return at(
                second.span(),
                format!("holds a second document: {what} is a file of its own"),
            );
        }
        let Some(root) = tree.document(0).and_then(|document| document.root()) else {
            return at(Span::at(0), format!("is empty: {what} has the keys {}", list(keys)));
        };
        if root.kind() != Kind::Mapping {
            return at(root.span(), format!("{what} is a mapping with the keys {}", list(keys)));
        }
        if let Some((span, message)) = indirection(tree, root) {
            return at(span, message);
        }
        let mut fields = Self { root, what, troubles: Vec::new() };
        fields.verify_keys(root, what, keys);
        Ok(fields)
    }

    /// Tells of keys that are not known.
    pub(crate) fn verify_keys(&mut self, mapping: Node<'t>, what: &str, keys: &[&str]) {
        for entry in mapping.entries() {
            let name = entry.key.text().unwrap_or_default();
            if keys.contains(&name) {
                continue;
            }
            let near = closest(name, keys.iter().copied());
            let near = near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
            let (name, keys) = (quoted(name), list(keys));
            self.say(entry.key, format!("{what} has no key `{name}`{near}: the keys are {keys}"));
        }
    }

    /// Tells something about a place.
    pub(crate) fn say(&mut self, node: Node<'t>, message: String) {
        self.troubles.push(trouble(node.source(), node.span(), message));
    }

    /// The value of a key that may be left out.
    pub(crate) fn optional(&self, key: &str) -> Option<Node<'t>> {
        self.root.get(key).filter(|value| !value.is_null())
    }

    /// The value of a key that must be there.
    pub(crate) fn required(&mut self, key: &str) -> Option<Node<'t>> {
        let value = self.optional(key);
        if value.is_none() {
            let place = self.root.get(key).unwrap_or(self.root);
            self.say(place, format!("{} needs `{key}`, and has none", self.what));
        }
        value
    }

    /// The text of a value: a scalar, not empty, not endless.
    pub(crate) fn text(&mut self, value: Node<'t>, key: &str) -> Option<&'t str> {
        let Some(text) = value.text() else {
            self.say(value, format!("`{key}` is a text"));
            return None;
        };
        if text.trim().is_empty() {
            self.say(value, format!("`{key}` is empty: write it down"));
            return None;
        }
        if text.chars().nth(LONGEST_TEXT).is_some() {
            self.say(value, format!("`{key}` is longer than {LONGEST_TEXT} characters"));
            return None;
        }
        Some(text)
    }

    /// The text of a key that must be there.
    pub(crate) fn required_text(&mut self, key: &str) -> Option<&'t str> {
        let value = self.required(key)?;
        self.text(value, key)
    }

    /// What `read` makes of the text of a value; `form` says how it is written.
    pub(crate) fn parsed<T>(
        &mut self,
        value: Node<'t>,
        key: &str,
        form: &str,
        read: impl FnOnce(&'t str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(value, key)?;
        let parsed = read(text);
        if parsed.is_none() {
            self.say(value, format!("`{key}` is `{}`, which is not {form}", quoted(text)));
        }
        parsed
    }

    /// As [`Fields::parsed`], of a key that must be there.
    pub(crate) fn required_parsed<T>(
        &mut self,
        key: &str,
        form: &str,
        read: impl FnOnce(&'t str) -> Option<T>,
    ) -> Option<T> {
        let value = self.required(key)?;
        self.parsed(value, key, form, read)
    }

    /// As [`Fields::parsed`], of a key that may be left out.
    pub(crate) fn optional_parsed<T>(
        &mut self,
        key: &str,
        form: &str,
        read: impl FnOnce(&'t str) -> Option<T>,
    ) -> Option<T> {
        let value = self.optional(key)?;
        self.parsed(value, key, form, read)
    }

    /// Everything that is wrong.
    pub(crate) fn finish(self) -> Vec<Trouble> {
        self.troubles
    }
}

/// Something wrong at a place of a source.
fn trouble(source: &Source, span: Span, message: String) -> Trouble {
    let position = source.position(span.start);
    Trouble { path: source.shared_path(), line: position.line, column: position.column, message }
}

/// A word that is quoted in a message: short and on one line.
pub(crate) fn quoted(text: &str) -> String {
    let short: String = text.chars().take(LONGEST_QUOTE).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("{}{more}", sanitize_line(&short))
}

fn list(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}

/// Where the file says something by way of something else, which people overlook.
fn indirection(tree: &Tree, root: Node<'_>) -> Option<(Span, String)> {
    let merge = tree.scalars().find(|key| key.text() == Some("<<") && key.style() == Style::Plain);
    let merge = merge.map(|key| (key.span(), "merge key".to_owned()));
    let found = merge.or_else(|| {
        let mut nodes = root.walk().flat_map(|visit| visit.key.into_iter().chain([visit.node]));
        nodes.find_map(|node| {
            let is_alias = node.is_alias() || node.is_unresolved();
            let what = if is_alias { "alias" } else { "tag" };
            (is_alias || node.tag().is_some()).then(|| (node.span(), what.to_owned()))
        })
    });
    found.map(|(span, what)| (span, format!("has a YAML {what}: write the value itself")))
}
