//! Blocks of evidence, which this program wrote itself.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::comment::{Sense, comments, sense};
use super::{Events, Flaw};

/// The blocks of a text by the events they begin and end with, and what is wrong with others.
#[derive(Default)]
pub(super) struct Blocks {
    /// From the event that begins a block to the one behind it.
    pub(super) ends: BTreeMap<usize, usize>,
    pub(super) flaws: Vec<Flaw>,
    /// The offset of the first block that never ends.
    pub(super) broken: Option<usize>,
}

/// A mark on a line of its own.
struct Mark {
    first: usize,
    /// The event behind it.
    behind: usize,
    depth: usize,
    at: usize,
    opens: bool,
}

/// Finds the blocks: two marks in the same container, the second the next one after the first.
pub(super) fn find(events: &Events<'_>) -> Blocks {
    let mut blocks = Blocks::default();
    let mut open: Option<Mark> = None;
    let (mut depth, mut index) = (0_usize, 0);
    while let Some((event, _)) = events.get(index) {
        match event {
            Event::Start(Tag::HtmlBlock) => {
                let mark = mark(events, index, depth);
                index = mark.behind;
                if mark.is_mark() {
                    open = blocks.take_in(mark, open);
                }
                continue;
            }
            Event::Start(_) => depth += 1,
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                // What holds the block is over.
                if open.as_ref().is_some_and(|open| depth < open.depth) {
                    blocks.refuse(open.take().as_ref());
                }
            }
            _ => {}
        }
        index += 1;
    }
    blocks.refuse(open.as_ref());
    blocks
}

impl Mark {
    const fn is_mark(&self) -> bool {
        self.at != usize::MAX
    }
}

impl Blocks {
    /// Takes in a mark behind one that is open, and gives the one that is open then.
    fn take_in(&mut self, mark: Mark, open: Option<Mark>) -> Option<Mark> {
        if mark.opens {
            self.refuse(open.as_ref());
            return Some(mark);
        }
        match open {
            Some(open) if open.depth == mark.depth => {
                self.ends.insert(open.first, mark.behind);
            }
            // The end of another block, below this one.
            Some(open) if open.depth < mark.depth => {
                self.refuse_end(&mark);
                return Some(open);
            }
            open => {
                self.refuse(open.as_ref());
                self.refuse_end(&mark);
            }
        }
        None
    }

    fn refuse_end(&mut self, mark: &Mark) {
        let message = "a block of evidence ends here that never began: delete the line";
        self.flaws.push(Flaw { at: mark.at, message: message.to_owned() });
    }

    fn refuse(&mut self, mark: Option<&Mark>) {
        let Some(mark) = mark else { return };
        self.broken = Some(self.broken.map_or(mark.at, |at| at.min(mark.at)));
        self.flaws.push(Flaw {
            at: mark.at,
            message: "this block of evidence never ends, and nothing below it is rewritten: add \
                      `<!-- /careen:evidence -->` or delete it"
                .to_owned(),
        });
    }
}

/// What a block of HTML is; `at` is `usize::MAX` if it is no mark.
fn mark(events: &Events<'_>, first: usize, depth: usize) -> Mark {
    let mut content = String::new();
    let mut behind = first + 1;
    while let Some((event, _)) = events.get(behind) {
        behind += 1;
        match event {
            Event::Html(html) if content.len() < 200 => content.push_str(html),
            Event::End(TagEnd::HtmlBlock) => break,
            _ => {}
        }
    }
    let found = comments(&content).next().filter(|found| found.range.len() == content.trim().len());
    let sense = found.map_or(Sense::Prose, |found| sense(found.inside));
    let start = events.get(first).map_or(0, |(_, range)| range.start);
    let is_mark = matches!(sense, Sense::Open | Sense::Close);
    let at = if is_mark { start } else { usize::MAX };
    Mark { first, behind, depth, at, opens: sense == Sense::Open }
}
