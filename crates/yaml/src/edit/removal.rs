//! Entries that go.

use careen_text::Span;

use super::place::{column, is_editable, line_prefix};
use super::{Edit, own_entry};
use crate::merge::Entry;
use crate::node::Node;
use crate::{Kind, Style};

/// Mappings that may become empty one around the other.
const MOST_AROUND: usize = 8;

/// Takes an entry out of a mapping. In block style its lines go, and comments above them stay; where
/// it is the only one, the entry goes that holds the mapping. None where an alias or a merge key has
/// to do with it, where it shares its lines with others, and where the edit is not sure.
#[must_use]
pub fn remove_entry(mapping: Node<'_>, key: &str) -> Option<Edit> {
    let mut mapping = mapping;
    let mut entry = own_entry(mapping, key)??;
    for _ in 0..MOST_AROUND {
        if mapping.kind() != Kind::Mapping || !is_editable(mapping) || !is_editable(entry.value) {
            return None;
        }
        let is_own = |key: Node<'_>| key.parent().is_some_and(|it| it.id() == mapping.id());
        let entries: Vec<Entry<'_>> = mapping.entries().collect();
        if entries.iter().any(|entry| entry.key.is_alias() || !is_own(entry.key)) {
            return None;
        }
        if entries.len() > 1 {
            let at = entries.iter().position(|it| it.key.id() == entry.key.id())?;
            let (before, rest) = entries.split_at(at);
            let (before, after) = (before.last(), rest.get(1));
            let span = match mapping.style() {
                Style::Flow => flow(before, &entry, after),
                _ => block(mapping, &entry, after),
            };
            return span.map(|span| Edit { span, text: String::new() });
        }
        let outer = mapping.parent().filter(|outer| outer.kind() == Kind::Mapping)?;
        entry = outer.entries().find(|entry| entry.value.id() == mapping.id())?;
        mapping = outer;
    }
    None
}

fn end_of(entry: &Entry<'_>) -> u32 {
    entry.key.definition_span().end.max(entry.value.definition_span().end)
}

/// Up to the next entry, or back to the one before.
fn flow(before: Option<&Entry<'_>>, entry: &Entry<'_>, after: Option<&Entry<'_>>) -> Option<Span> {
    let (start, end) = (entry.key.definition_span().start, end_of(entry));
    let (span, between) = match (before, after) {
        (_, Some(after)) => {
            let next = after.key.definition_span().start;
            (Span::new(start, next), Span::new(end, next))
        }
        (Some(before), None) => (Span::new(end_of(before), end), Span::new(end_of(before), start)),
        (None, None) => return None,
    };
    let between = entry.key.source().slice(between);
    let plain = between.chars().all(|c| c == ',' || c.is_whitespace());
    (plain && between.matches(',').count() == 1).then_some(span)
}

/// The lines of the entry, if they are its own.
fn block(mapping: Node<'_>, entry: &Entry<'_>, after: Option<&Entry<'_>>) -> Option<Span> {
    column(mapping)?;
    let key = entry.key.definition_span();
    let tree = mapping.tree();
    if !line_prefix(tree, key.start).chars().all(|c| c == ' ') {
        return None;
    }
    let lines = mapping.source().lines();
    let first = lines.line_span(lines.line_of(key.start));
    let last = lines.line_span(lines.line_of(end_of(entry).saturating_sub(1).max(key.start)));
    let span = Span::new(first.start, last.end);
    let next = after.map(|after| after.key.definition_span().start);
    next.is_none_or(|next| next >= span.end).then_some(span)
}

#[cfg(test)]
mod tests {
    use careen_text::Source;

    use super::remove_entry;
    use crate::{Limits, parse};

    /// The text without the entry `gone` of `metadata.annotations`.
    fn without(text: &str) -> Option<String> {
        let tree = parse(&Source::new("a.yaml", text.to_owned()), &Limits::default());
        let root = tree.documents().next()?.root()?;
        let mapping = root.at(&["metadata", "annotations"])?;
        let edit = remove_entry(mapping, "gone")?;
        let mut text = text.to_owned();
        text.replace_range(edit.span.range(), &edit.text);
        Some(text)
    }

    #[test]
    fn entries_go_with_their_lines() {
        for (text, expected) in [
            (
                "metadata:\n  annotations:\n    a: 1\n    gone: x # why\n    b: 2\n  name: n\n",
                "metadata:\n  annotations:\n    a: 1\n    b: 2\n  name: n\n",
            ),
            (
                "metadata:\n  annotations:\n    # above\n    gone: |\n      two\n      lines\n    b: 2\n",
                "metadata:\n  annotations:\n    # above\n    b: 2\n",
            ),
            (
                "metadata:\r\n  annotations:\r\n    a: 1\r\n    gone: x\r\n  name: n\r\n",
                "metadata:\r\n  annotations:\r\n    a: 1\r\n  name: n\r\n",
            ),
            ("metadata:\n  annotations:\n    gone: x\n  name: n\n", "metadata:\n  name: n\n"),
            ("metadata:\n  name: n\n  annotations:\n    gone:\n", "metadata:\n  name: n\n"),
            (
                "metadata: {name: n, annotations: {a: 1, 'gone': x}}\n",
                "metadata: {name: n, annotations: {a: 1}}\n",
            ),
            (
                "metadata: {name: n, annotations: {gone: x, a: 1}}\n",
                "metadata: {name: n, annotations: {a: 1}}\n",
            ),
            ("metadata: {annotations: {gone: \"x\"}, name: n}\n", "metadata: {name: n}\n"),
            (
                "{\"metadata\": {\n  \"annotations\": {\n    \"a\": \"1\",\n    \"gone\": \"x\"\n  }\n}}\n",
                "{\"metadata\": {\n  \"annotations\": {\n    \"a\": \"1\"\n  }\n}}\n",
            ),
        ] {
            assert_eq!(without(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_sure_stays() {
        for text in [
            "metadata:\n  annotations: &a\n    gone: x\n    b: 2\n  labels: *a\n",
            "base: &b {c: 1}\nmetadata:\n  annotations:\n    <<: *b\n    gone: x\n",
            "metadata:\n  annotations: {a: 1, # why\n    gone: x}\n",
            "metadata:\n  annotations:\n    a: 1\n",
        ] {
            assert_eq!(without(text), None, "{text}");
        }
    }
}
