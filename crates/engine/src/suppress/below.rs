//! What a comment on a line of its own covers.

use std::sync::Arc;

use careen_model::File;
use careen_text::{Source, Span};
use careen_yaml::{Document, Kind, Tree};

/// Finds what begins below comments. Asked line by line, downwards.
pub(super) struct Below<'f> {
    source: &'f Arc<Source>,
    file: Option<&'f File>,
    /// What may be covered, by start, the longest first. Made when it is first asked for.
    things: Option<Vec<Span>>,
    /// The first line with content below the comment that was asked about last, and how that
    /// comment begins: a whole page of comments is gone through once.
    next: (u32, &'static str),
}

impl<'f> Below<'f> {
    pub(super) fn new(source: &'f Arc<Source>, file: Option<&'f File>) -> Self {
        Self { source, file, things: None, next: (0, "") }
    }

    /// What begins on the next line that holds more than a comment.
    pub(super) fn of(&mut self, line: u32, leader: &'static str) -> Span {
        if line >= self.next.0 || leader != self.next.1 {
            self.next = (content_below(self.source, line, leader), leader);
        }
        let target = line_content(self.source, self.next.0);
        let things = self.things.get_or_insert_with(|| self.file.map(things).unwrap_or_default());
        let first = things.partition_point(|thing| thing.start < target.start);
        things.get(first).filter(|thing| target.contains(thing.start)).copied().unwrap_or(target)
    }
}

/// A line without its line break.
pub(super) fn line_content(source: &Source, line: u32) -> Span {
    let start = source.lines().line_span(line).start;
    let length = source.lines().line_text(source.text(), line).len();
    Span::new(start, start + Span::of(0..length).end)
}

fn content_below(source: &Source, line: u32, leader: &str) -> u32 {
    let lines = source.lines();
    let is_comment = |text: &str| match leader {
        "/*" | "*" => text.starts_with('*') || text.starts_with("/*"),
        leader => text.starts_with(leader),
    };
    let mut next = line + 1;
    while next <= lines.line_count() {
        let text = lines.line_text(source.text(), next).trim();
        if !text.is_empty() && !is_comment(text) {
            break;
        }
        next += 1;
    }
    next
}

fn things(file: &File) -> Vec<Span> {
    let mut things = Vec::new();
    if let Some(dockerfile) = &file.dockerfile {
        things.extend(dockerfile.instructions.iter().map(|instruction| instruction.extent));
    }
    for document in file.tree.iter().flat_map(Tree::documents) {
        entries_and_items(&document, &mut things);
    }
    things.sort_unstable_by_key(|thing| (thing.start, std::cmp::Reverse(thing.end)));
    things
}

/// Every entry and item that is written in a document, once each: aliases and merge keys are not
/// followed, so that neither cycles nor repetition can make this long.
fn entries_and_items(document: &Document<'_>, things: &mut Vec<Span>) {
    let mut open: Vec<_> = document.root().into_iter().collect();
    while let Some(node) = open.pop() {
        match node.kind() {
            Kind::Mapping => {
                let own = node.entries().take_while(|entry| {
                    // Merged-in entries come last and belong to another mapping.
                    entry.key.is_alias()
                        || entry.key.parent().is_some_and(|parent| parent.id() == node.id())
                });
                for entry in own {
                    things.push(entry.key.span().cover(entry.value.span()));
                    if !entry.value.is_alias() {
                        open.push(entry.value);
                    }
                }
            }
            Kind::Sequence => {
                for item in node.items() {
                    things.push(item.span());
                    if !item.is_alias() {
                        open.push(item);
                    }
                }
            }
            Kind::Scalar => {}
        }
    }
}
