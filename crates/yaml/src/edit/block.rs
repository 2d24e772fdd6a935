//! Additions to collections in block style.

use super::Edit;
use super::place::{column, first_child, gap_after, has_open_end, missing_value};
use super::value::{Grown, Habit, indent};
use crate::arena::RawKind;
use crate::node::Node;
use crate::{Kind, Style};

/// Steps of indentation that are believed; others are accidents of alignment.
const STEPS: std::ops::RangeInclusive<usize> = 1..=8;
/// Siblings that are asked how they are indented.
const ASKED: usize = 50;

/// An entry after the last one of a mapping, and after comments that belong to it.
pub(super) fn insert(mapping: Node<'_>, key: &str, value: &Grown<'_>) -> Option<Edit> {
    let column = column(mapping)?;
    let gap = gap_after(mapping.tree(), mapping.definition_span().end, column)?;
    if has_open_end(mapping, &gap) {
        return None;
    }
    let habit = habit(mapping, column, gap.newline);
    let mut text = String::new();
    indent(column, &mut text);
    value.entry(key, column, &habit, &mut text);
    Some(gap.insertion(text))
}

/// An item after the last one of a sequence. A comment at the column of the dashes may belong to
/// the key that follows, so only those further right stay in front.
pub(super) fn append(sequence: Node<'_>, value: &Grown<'_>) -> Option<Edit> {
    let column = column(sequence)?;
    let gap = gap_after(sequence.tree(), sequence.definition_span().end, column + 1)?;
    if has_open_end(sequence, &gap) {
        return None;
    }
    let habit = habit(sequence, column, gap.newline);
    let mut text = String::new();
    indent(column, &mut text);
    value.item(column, &habit, &mut text);
    Some(gap.insertion(text))
}

/// A value below, or after, a key that has none.
pub(super) fn fill(mapping: Node<'_>, node: Node<'_>, value: &Grown<'_>) -> Option<Edit> {
    let column = column(mapping)?;
    let at = missing_value(node)?;
    // No comment stays in front: one below the key would be above its own entry.
    let gap = gap_after(mapping.tree(), at, usize::MAX)?;
    let habit = habit(mapping, column, gap.newline);
    let mut text = String::new();
    value.lines(column, &habit, &mut text);
    (!text.is_empty()).then(|| gap.insertion(text))
}

/// How the neighbourhood is indented: the siblings below first, then what is around.
fn habit<'t>(collection: Node<'_>, at: usize, newline: &'t str) -> Habit<'t> {
    let (mut step, mut dash) = (None, None);
    if collection.kind() == Kind::Mapping {
        ask_children(collection, at, &mut step, &mut dash);
    }
    let mut inner = collection;
    while step.is_none() || dash.is_none() {
        let Some(outer) = inner.parent() else { break };
        if outer.kind() == Kind::Mapping
            && let (Some(outer_column), Some(inner_column)) = (column(outer), column(inner))
        {
            learn(inner.kind(), outer_column, inner_column, &mut step, &mut dash);
        }
        inner = outer;
    }
    let step = step.unwrap_or(2);
    Habit { newline, step, dash: dash.unwrap_or(step) }
}

fn ask_children(mapping: Node<'_>, at: usize, step: &mut Option<usize>, dash: &mut Option<usize>) {
    let tree = mapping.tree();
    let Some(mut child) = first_child(tree, mapping.id().0) else { return };
    for _ in 0..ASKED * 2 {
        let Some(raw) = tree.raw(child) else { return };
        let is_collection = matches!(raw.kind, RawKind::Mapping | RawKind::Sequence);
        if is_collection && raw.style == Style::Block {
            let node = Node::resolve(tree, child);
            if let Some(inner) = column(node) {
                learn(node.kind(), at, inner, step, dash);
            }
        }
        child = raw.next;
    }
}

fn learn(
    kind: Kind,
    outer: usize,
    inner: usize,
    step: &mut Option<usize>,
    dash: &mut Option<usize>,
) {
    let Some(columns) = inner.checked_sub(outer) else { return };
    match kind {
        Kind::Mapping if step.is_none() && STEPS.contains(&columns) => *step = Some(columns),
        Kind::Sequence if dash.is_none() && columns <= *STEPS.end() => *dash = Some(columns),
        _ => {}
    }
}
