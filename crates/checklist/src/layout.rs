//! The structure of a checklist: where its items, their comments and the blocks of evidence stand.
//!
//! What is a list, a heading, code or raw HTML is decided by `pulldown-cmark`. Only code blocks, in
//! which Markdown knows no lists, are read line by line.

mod blocks;
mod code;
mod comment;
mod heading;
mod html;
mod line;
mod missed;
mod text;
mod walk;

use std::ops::Range;

use careen_audit_model::Phase;
use careen_text::Source;
use pulldown_cmark::{Event, Options, Parser};

pub(crate) use comment::{CLOSE, Comment, OPEN};
pub(crate) use text::{Text, line_break};

/// Bytes of a checklist that is read.
const MOST_BYTES: usize = 4 << 20;

/// Items of a checklist.
const MOST_ITEMS: usize = 20_000;

/// Flaws that are told; more are of no use to anybody.
const MOST_FLAWS: usize = 1_000;

/// The structure of a checklist.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    pub(crate) title: Option<String>,
    pub(crate) items: Vec<Placed>,
    /// In order of place.
    pub(crate) flaws: Vec<Flaw>,
    /// Where a block of evidence begins that never ends.
    pub(crate) broken: Option<usize>,
}

/// An item and its place.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) text: Text,
    /// The offset of what stands inside of the box: a blank or an `x`.
    pub(crate) mark: usize,
    pub(crate) ticked: bool,
    pub(crate) section: Vec<String>,
    /// What the headings above it say.
    pub(crate) phase: Option<Phase>,
    /// The comments that bind it.
    pub(crate) comments: Vec<Comment>,
    /// Where its own text and what binds it end, in front of the line break.
    pub(crate) end: usize,
    /// Whether it stands in a code block, where nothing may be added.
    pub(crate) in_code: bool,
    /// Its blocks of evidence, from the first mark to the end of the last.
    pub(crate) blocks: Vec<Range<usize>>,
}

/// Something wrong, and where.
#[derive(Debug)]
pub(crate) struct Flaw {
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// What Markdown makes of a text, with places.
type Events<'s> = Vec<(Event<'s>, Range<usize>)>;

/// Reads the structure of a checklist.
pub(crate) fn read(source: &Source) -> Layout {
    let text = source.text();
    if text.len() > MOST_BYTES {
        let message =
            format!("the checklist has {} bytes, and {MOST_BYTES} are read: split it", text.len());
        return Layout { flaws: vec![Flaw { at: 0, message }], ..Layout::default() };
    }
    let base = line::front_matter(text);
    let body = text.get(base..).unwrap_or_default();
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let events: Events<'_> = Parser::new_ext(body, options)
        .into_offset_iter()
        .map(|(event, range)| (event, range.start + base..range.end + base))
        .collect();
    let mut layout = walk::Walk::new(text, base, events).finish();
    layout.flaws.sort_by_key(|flaw| flaw.at);
    if layout.flaws.len() > MOST_FLAWS {
        let more = layout.flaws.len() - MOST_FLAWS;
        layout.flaws.truncate(MOST_FLAWS);
        let at = layout.flaws.last().map_or(0, |flaw| flaw.at);
        layout.flaws.push(Flaw { at, message: format!("{more} more places are wrong") });
    }
    layout
}
