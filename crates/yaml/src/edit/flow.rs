//! Additions to collections in brackets, JSON included.

use careen_text::Span;

use super::Edit;
use super::place::{last_child, line_prefix};
use super::value::{Grown, Lines, Look};
use crate::arena::MISSING;
use crate::node::Node;
use crate::{Kind, Style};

/// An entry after the last one of a mapping.
pub(super) fn insert(mapping: Node<'_>, key: &str, value: &Grown<'_>) -> Option<Edit> {
    add(mapping, ['{', '}'], |look| value.flow_entry(key, look))
}

/// An item after the last one of a sequence.
pub(super) fn append(sequence: Node<'_>, value: &Grown<'_>) -> Option<Edit> {
    add(sequence, ['[', ']'], |look| value.flow(look))
}

fn add(collection: Node<'_>, brackets: [char; 2], write: impl Fn(&Look) -> String) -> Option<Edit> {
    let tree = collection.tree();
    let span = collection.definition_span();
    let inside = tree.source.slice(span).strip_prefix(brackets[0])?.strip_suffix(brackets[1])?;
    let inside_span = Span::new(span.start + 1, span.end - 1);
    let mut look = look(collection);
    let Some(last) = last_child(tree, collection.id().0) else {
        // A comment between the brackets would have to go.
        let is_empty = inside.chars().all(is_blank);
        return is_empty.then(|| Edit { span: inside_span, text: write(&look) });
    };
    let last = tree.raw(last).filter(|raw| !raw.has(MISSING))?;
    let tail = tree.source.slice(Span::new(last.end, inside_span.end));
    let comma = tail.find(',');
    if !tail.chars().all(|each| is_blank(each) || each == ',') || tail.matches(',').count() > 1 {
        return None;
    }
    let lead = lead(collection)?;
    if lead.contains(['\n', '\r']) {
        let base = line_prefix(tree, span.end - 1);
        let base = if base.chars().all(is_blank) { base } else { "" };
        let indent = lead.trim_start_matches(['\n', '\r']);
        let unit = indent.strip_prefix(base).filter(|unit| !unit.is_empty()).unwrap_or("  ");
        look.lines = Some(Lines { lead: lead.to_owned(), unit: unit.to_owned() });
    }
    // The first entry follows a bracket, not a comma.
    let alone = !inside.get(..(last.start - inside_span.start) as usize)?.contains(',');
    let lead = if lead.is_empty() && alone && !look.compact { " " } else { lead };
    let entry = write(&look);
    Some(match comma {
        Some(comma) => {
            let at = last.end + Span::of(0..comma + 1).end;
            Edit { span: Span::at(at), text: format!("{lead}{entry},") }
        }
        None => Edit { span: Span::at(last.end), text: format!(",{lead}{entry}") },
    })
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// The blanks before the last key or item, of several lines the last.
fn lead(collection: Node<'_>) -> Option<&str> {
    let tree = collection.tree();
    let mut child = tree.raw(collection.id().0)?.data;
    let mut start = None;
    while let Some(raw) = tree.raw(child) {
        start = Some(raw.start);
        let next =
            if collection.kind() == Kind::Mapping { tree.raw(raw.next)?.next } else { raw.next };
        child = next;
    }
    let before = tree.source.text().get(..start? as usize)?;
    let blanks = before.get(before.trim_end_matches(is_blank).len()..)?;
    let last_line = blanks.rfind(['\n', '\r']).map(|at| {
        let crlf = blanks.get(..at).is_some_and(|before| before.ends_with('\r'))
            && blanks.get(at..).is_some_and(|rest| rest.starts_with('\n'));
        at - usize::from(crlf)
    });
    blanks.get(last_line.unwrap_or(0)..)
}

/// How flow collections are written here: as the nearest mapping in braces that has an entry.
pub(super) fn look(node: Node<'_>) -> Look {
    let tree = node.tree();
    let mut at = Some(node);
    while let Some(each) = at {
        if each.kind() == Kind::Mapping {
            if each.style() != Style::Flow {
                break;
            }
            let key = tree.raw(each.id().0).and_then(|raw| tree.raw(raw.data));
            if let Some(key) = key
                && let Some(value) = tree.raw(key.next)
            {
                return Look {
                    quoted: key.style == Style::DoubleQuoted,
                    compact: tree.source.slice(Span::new(key.end, value.start)) == ":",
                    lines: None,
                };
            }
        }
        at = each.parent();
    }
    Look::default()
}
