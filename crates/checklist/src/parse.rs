use std::sync::Arc;

use careen_text::{Source, Span};

use crate::gather::Gathered;
use crate::layout::{Layout, Placed, read};
use crate::{Checklist, Item, Trouble, grammar};

/// Finds the items of a checklist: at most 20,000 in at most 4 MiB, what is beyond is told as trouble.
///
/// An item is a task-list line of GitHub Flavored Markdown, or a line of a code block that looks like
/// one. What stands in comments, tables, raw HTML and a front matter is none. An item whose binding cannot
/// be understood is bound to [`Binding::Manual`](crate::Binding::Manual), so that it never passes by
/// accident.
#[must_use]
pub fn parse(source: &Arc<Source>) -> Checklist {
    let layout = read(source);
    let written = written_lines(source, &layout);
    let mut troubles = Vec::new();
    let mut items = Vec::with_capacity(layout.items.len());
    for placed in &layout.items {
        let (gathered, problems) = gather(placed);
        troubles.extend(problems.into_iter().map(|(at, message)| trouble(source, at, message)));
        let phase = gathered.phase().or(placed.phase).unwrap_or_default();
        let line = source.position(offset(placed.mark)).line;
        let above = written.partition_point(|it| *it < line);
        items.push(Item {
            text: placed.text.as_str().to_owned(),
            line,
            bare_line: line.saturating_sub(u32::try_from(above).unwrap_or(line)),
            section: placed.section.clone(),
            ticked: placed.ticked,
            bindings: gathered.bindings(),
            phase,
        });
    }
    let flaws = layout.flaws.into_iter().map(|flaw| trouble(source, flaw.at, flaw.message));
    troubles.extend(flaws);
    troubles.sort();
    Checklist { source: Arc::clone(source), title: layout.title, items, troubles }
}

/// The lines of all blocks of evidence, in order.
fn written_lines(source: &Source, layout: &Layout) -> Vec<u32> {
    let line = |at: usize| source.position(offset(at)).line;
    let blocks = layout.items.iter().flat_map(|item| &item.blocks);
    let mut lines: Vec<u32> = blocks
        .flat_map(|block| {
            let text = source.text().get(block.clone()).unwrap_or_default();
            let end = block.start + text.trim_end_matches(['\n', '\r']).len();
            line(block.start)..=line(end)
        })
        .collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// What the comments of an item say, and what is wrong with them, by offset.
pub(crate) fn gather(placed: &Placed) -> (Gathered, Vec<(usize, String)>) {
    let mut gathered = Gathered::default();
    let mut problems = Vec::new();
    for comment in &placed.comments {
        let found = gathered.add(&grammar::read(&comment.body));
        problems.extend(found.into_iter().map(|(at, message)| (comment.at + at, message)));
    }
    (gathered, problems)
}

/// Trouble at an offset.
pub(crate) fn trouble(source: &Source, at: usize, message: String) -> Trouble {
    let position = source.position(offset(at));
    Trouble { path: source.shared_path(), line: position.line, column: position.column, message }
}

/// An offset as places have it. What is read is far smaller than 4 GiB.
pub(crate) fn offset(at: usize) -> u32 {
    Span::of(at..at).start
}

#[cfg(test)]
mod tests;
