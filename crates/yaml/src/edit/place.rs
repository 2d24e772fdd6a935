//! Where things stand in the lines of the text.

use careen_text::{LineIndex, Span};

use crate::arena::{MISSING, NONE, RawKind};
use crate::node::Node;
use crate::tree::Tree;
use crate::{Kind, Style};

/// Comment lines that may follow a value and stay in front of what is added.
const MOST_COMMENTS: u32 = 100;

/// Whether a change of the node changes nothing elsewhere: it is reached through no alias, none
/// stands for it or for what holds it, and its document was understood to the end.
pub(super) fn is_editable(node: Node<'_>) -> bool {
    if node.is_alias() || node.is_unresolved() {
        return false;
    }
    let tree = node.tree();
    let mut id = node.id().0;
    if !tree.aliased.is_empty() {
        while let Some(raw) = tree.raw(id) {
            if tree.aliased.binary_search(&id).is_ok() {
                return false;
            }
            id = raw.parent;
        }
    }
    let start = node.definition_span().start;
    let after = tree.documents.partition_point(|document| document.span.start <= start);
    let document = after.checked_sub(1).and_then(|index| tree.documents.get(index));
    document.is_some_and(|document| document.complete)
}

/// The last child of a collection: the value of a mapping's last entry.
pub(super) fn last_child(tree: &Tree, collection: u32) -> Option<u32> {
    let mut last = tree.raw(collection)?.data;
    while let Some(next) = tree.raw(last).map(|raw| raw.next).filter(|&next| next != NONE) {
        last = next;
    }
    tree.raw(last).map(|_| last)
}

/// The first child of a collection that is written.
pub(super) fn first_child(tree: &Tree, collection: u32) -> Option<u32> {
    let first = tree.raw(collection)?.data;
    tree.raw(first).filter(|raw| !raw.has(MISSING)).map(|_| first)
}

/// The column, in bytes from 0, of a block collection's entries or dashes. None where something
/// but dashes of outer sequences stands before the first one on its line.
pub(super) fn column(collection: Node<'_>) -> Option<usize> {
    if collection.style() != Style::Block {
        return None;
    }
    let tree = collection.tree();
    let start = match collection.kind() {
        Kind::Mapping => {
            let key = tree.raw(first_child(tree, collection.id().0)?)?;
            // A key with an indicator, an anchor or a tag in front may stand on another line.
            let is_simple = !matches!(key.kind, RawKind::Mapping | RawKind::Sequence)
                && key.start == collection.definition_span().start;
            is_simple.then_some(key.start)?
        }
        _ => collection.definition_span().start,
    };
    let prefix = line_prefix(tree, start);
    let prefix = prefix.strip_prefix('\u{feff}').unwrap_or(prefix);
    let mut bytes = prefix.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let is_dash = byte == b'-' && bytes.peek() == Some(&b' ');
        if byte != b' ' && !is_dash {
            return None;
        }
    }
    Some(prefix.len())
}

/// What stands before an offset on its line.
pub(super) fn line_prefix(tree: &Tree, offset: u32) -> &str {
    let lines = tree.source.lines();
    let line = lines.line_span(lines.line_of(offset));
    tree.source.slice(Span::new(line.start, offset))
}

/// The place right after a colon without a value; none where more than a comment follows.
pub(super) fn missing_value(node: Node<'_>) -> Option<u32> {
    let at = node.definition_span().start;
    let text = node.source().text();
    let before = text.get(..at as usize)?;
    let in_block = node.parent().is_some_and(|parent| parent.style() == Style::Block);
    (in_block && before.ends_with(':') && ends_line(node.tree(), at)).then_some(at)
}

/// Whether nothing but blanks and a comment follows on the line.
fn ends_line(tree: &Tree, offset: u32) -> bool {
    let lines = tree.source.lines();
    let number = lines.line_of(offset);
    let start = lines.line_span(number).start;
    let line = lines.line_text(tree.source.text(), number);
    let Some(rest) = line.get((offset - start) as usize..) else { return false };
    let trimmed = rest.trim_start_matches([' ', '\t']);
    trimmed.is_empty() || (trimmed.starts_with('#') && trimmed.len() < rest.len())
}

/// The place for new lines after a value.
pub(super) struct Gap<'t> {
    /// Start of the next line, or the end of a text whose last line has no break.
    pub(super) at: u32,
    /// What ends lines here.
    pub(super) newline: &'t str,
    /// Whether the line before has no break.
    pub(super) open: bool,
}

impl Gap<'_> {
    /// Finished lines as an insertion here: every line in `text` ends in a break.
    pub(super) fn insertion(&self, text: String) -> super::Edit {
        let text = if self.open {
            let body = text.strip_suffix(self.newline).unwrap_or(&text);
            format!("{}{body}", self.newline)
        } else {
            text
        };
        super::Edit { span: Span::at(self.at), text }
    }
}

/// The gap after the line that holds the end of a value, and after the comment lines that follow
/// it without a blank line and stand at column `comments` or further right. None where something
/// else follows on the line.
pub(super) fn gap_after(tree: &Tree, end: u32, comments: usize) -> Option<Gap<'_>> {
    if !ends_line(tree, end) {
        return None;
    }
    let text = tree.source.text();
    let lines = tree.source.lines();
    let mut last = lines.line_of(end);
    for number in last + 1..=last.saturating_add(MOST_COMMENTS).min(lines.line_count()) {
        let line = lines.line_text(text, number);
        let rest = line.trim_start_matches(' ');
        if !rest.starts_with('#') || line.len() - rest.len() < comments {
            break;
        }
        last = number;
    }
    let span = lines.line_span(last);
    let newline = line_break(tree, lines, last);
    let open = newline.is_empty();
    let newline = if open { line_break(tree, lines, 1) } else { newline };
    Some(Gap { at: span.end, newline: if newline.is_empty() { "\n" } else { newline }, open })
}

fn line_break<'t>(tree: &'t Tree, lines: &LineIndex, number: u32) -> &'t str {
    let span = lines.line_span(number);
    let text = lines.line_text(tree.source.text(), number);
    tree.source.slice(Span::new(span.start + Span::of(0..text.len()).end, span.end))
}

/// Whether text after the node's last line could become part of it, or change how it ends: a block
/// scalar that keeps its blank lines, or that ends with the text.
pub(super) fn has_open_end(node: Node<'_>, gap: &Gap<'_>) -> bool {
    let tree = node.tree();
    let mut id = node.id().0;
    while let Some(child) = last_child_of_any(tree, id) {
        id = child;
    }
    let Some(raw) = tree.raw(id) else { return true };
    if !matches!(raw.style, Style::Literal | Style::Folded) {
        return false;
    }
    let head = tree.source.slice(raw.span()).lines().next().unwrap_or_default();
    let head = head.split('#').next().unwrap_or_default();
    gap.open || head.contains('+')
}

fn last_child_of_any(tree: &Tree, id: u32) -> Option<u32> {
    let raw = tree.raw(id)?;
    matches!(raw.kind, RawKind::Mapping | RawKind::Sequence).then(|| last_child(tree, id)).flatten()
}
