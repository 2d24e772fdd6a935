use std::collections::HashMap;
use std::ops::Range;

use crate::Checklist;
use crate::layout::{CLOSE, Layout, OPEN, Placed, line_break, read};
use crate::parse::offset;

/// What becomes of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The line of the item, 1-based.
    pub line: u32,
    /// Whether it is proven: its box is ticked, else it is cleared.
    pub proven: bool,
    /// Lines of evidence in Markdown, without line breaks; none leaves no block.
    pub evidence: Vec<String>,
}

/// The text with answers: boxes, and a marked block of evidence below each proven item. Everything else stays
/// as it is, byte for byte, and a second time changes nothing.
///
/// An item without an answer keeps its box. A block that stands below an item that is not proven, or has no
/// answer, is taken away: it was written by an earlier audit and holds no more. Items in code blocks get
/// no block. Below a block that never ends nothing is changed.
#[must_use]
pub fn tick(checklist: &Checklist, answers: &[Answer]) -> String {
    let source = &checklist.source;
    let layout = read(source);
    let mut text = source.text().to_owned();
    let last_break = if text.ends_with(['\n', '\r']) { "" } else { first_break(source.text()) };
    // With it every line ends, and nothing needs to be told apart.
    text.push_str(last_break);
    let text = text;

    let by_line: HashMap<u32, &Answer> = answers.iter().map(|it| (it.line, it)).collect();
    let mut edits = Vec::new();
    for item in rewritable(&text, &layout) {
        let line = source.position(offset(item.mark)).line;
        rewrite(&text, item, by_line.get(&line).copied(), &mut edits);
    }
    let mut text = apply(&text, edits);
    if text.ends_with(last_break) {
        text.truncate(text.len() - last_break.len());
    }
    text
}

/// The items that stand, with all that belongs to them, above a block that never ends.
fn rewritable<'l>(text: &'l str, layout: &'l Layout) -> impl Iterator<Item = &'l Placed> {
    let limit = layout.broken.map_or(usize::MAX, |at| line_start(text, at));
    let is_above = move |item: &&Placed| {
        let is_last = item.blocks.last().is_none_or(|block| block.end <= limit);
        is_last && next_line(text, item.end) < limit
    };
    layout.items.iter().filter(is_above)
}

/// A change: what is replaced, and what takes its place.
type Edit = (Range<usize>, String);

fn rewrite(text: &str, item: &Placed, answer: Option<&Answer>, edits: &mut Vec<Edit>) {
    if let Some(answer) = answer.filter(|answer| answer.proven != item.ticked) {
        let mark = if answer.proven { "x" } else { " " };
        edits.push((item.mark..item.mark + 1, mark.to_owned()));
    }
    if item.in_code {
        return;
    }
    for block in &item.blocks {
        let start = line_start(text, block.start);
        // The range of a block may end with the line break.
        let end = text.get(block.clone()).map_or(block.end, |block_text| {
            block.start + block_text.trim_end_matches(['\n', '\r']).len()
        });
        edits.push((start..next_line(text, end), String::new()));
    }
    let lines = answer.filter(|answer| answer.proven).map(|answer| answer.evidence.as_slice());
    if let Some(lines) = lines.filter(|lines| !lines.is_empty()) {
        let at = next_line(text, item.end);
        edits.push((at..at, block(text, item, lines)));
    }
}

/// Where the line behind an offset begins.
fn next_line(text: &str, from: usize) -> usize {
    line_break(text, from).map_or(text.len(), |(_, end)| end)
}

/// Where the line of an offset begins.
fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind(['\n', '\r'])).map_or(0, |end| end + 1)
}

/// The block of evidence of an item, with line breaks as the item's line has them.
fn block(text: &str, item: &Placed, lines: &[String]) -> String {
    let indent = indent(text, item.mark);
    let end = line_break(text, item.mark).and_then(|(start, end)| text.get(start..end));
    let end = end.unwrap_or("\n");
    let mut block = format!("{indent}<!-- {OPEN} -->{end}");
    for line in lines {
        block += &format!("{indent}- {}{end}", harmless(line));
    }
    block + &format!("{indent}<!-- {CLOSE} -->{end}")
}

/// What stands in front of the lines below an item, so that they belong to it: quotation marks as they are,
/// blanks in place of markers.
fn indent(text: &str, mark: usize) -> String {
    let bracket = mark.saturating_sub(1);
    let front = text
        .get(line_start(text, bracket)..bracket)
        .unwrap_or_default()
        .trim_start_matches('\u{feff}');
    let blanks = front.len() - front.trim_start_matches([' ', '\t']).len();
    let (blanks, markers) = front.split_at(blanks);
    let mut indent = blanks.to_owned();
    let mut column = width_of(blanks);
    let mut rest = markers.chars().peekable();
    while let Some(c) = rest.next() {
        let width = if c == '\t' { 4 - column % 4 } else { 1 };
        column += width;
        if c == '>' {
            indent.push('>');
            // A quotation mark takes one blank with it.
            if rest.peek().is_some_and(|next| !matches!(next, ' ' | '\t')) {
                indent.push(' ');
            }
        } else {
            indent.push_str(&" ".repeat(width));
        }
    }
    indent
}

/// Columns of blanks.
fn width_of(blanks: &str) -> usize {
    blanks.chars().fold(0, |column, c| if c == '\t' { column + 4 - column % 4 } else { column + 1 })
}

/// A line that neither ends the block nor begins an item.
fn harmless(line: &str) -> String {
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.replace("<!--", "&lt;!--").replace("-->", "--&gt;");
    if line.starts_with('[') { format!("\\{line}") } else { line }
}

fn first_break(text: &str) -> &str {
    line_break(text, 0).and_then(|(start, end)| text.get(start..end)).unwrap_or("\n")
}

/// Makes the changes, which do not overlap. What is added at a place goes in front of what is taken away
/// there.
fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in edits {
        result.push_str(text.get(at..range.start).unwrap_or_default());
        result.push_str(&new);
        at = at.max(range.end);
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}

#[cfg(test)]
mod tests;
