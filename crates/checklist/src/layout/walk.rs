//! One walk over what Markdown makes of a checklist.

use std::collections::BTreeSet;
use std::mem;
use std::ops::Range;

use careen_audit_model::Phase;
use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::blocks::{Blocks, find};
use super::comment::{Comment, Sense, comments, sense};
use super::heading::Headings;
use super::missed::{self, WORDLESS};
use super::text::Text;
use super::{Events, Flaw, Layout, MOST_ITEMS, Placed};
use crate::grammar;

pub(super) struct Walk<'s> {
    pub(super) text: &'s str,
    pub(super) events: Events<'s>,
    pub(super) blocks: Blocks,
    pub(super) layout: Layout,
    headings: Headings,
    /// The heading that is being read.
    heading: Option<(u8, Text, Vec<Comment>)>,
    pub(super) containers: Vec<Container>,
    /// Where no item can stand.
    pub(super) covered: Vec<Range<usize>>,
    is_full: bool,
}

/// What holds blocks.
pub(super) enum Container {
    /// An item of a list; of the checklist if it has a box, by its place among the items.
    Item(Option<usize>, Own),
    Other,
}

/// What is known of an item's own text.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Own {
    /// It goes on.
    Open,
    /// It is over; comments that bind the item may follow.
    Over,
    /// Something else stands below it.
    Closed,
}

impl<'s> Walk<'s> {
    pub(super) fn new(text: &'s str, base: usize, events: Events<'s>) -> Self {
        let mut blocks = find(&events);
        let flaws = mem::take(&mut blocks.flaws);
        let broken = blocks.broken;
        // What is no more than a byte order mark hides no line.
        let front_matter = (base > '\u{feff}'.len_utf8()).then_some(0..base);
        Self {
            text,
            events,
            blocks,
            layout: Layout { flaws, broken, ..Layout::default() },
            headings: Headings::default(),
            heading: None,
            containers: Vec::new(),
            covered: front_matter.into_iter().collect(),
            is_full: false,
        }
    }

    pub(super) fn finish(mut self) -> Layout {
        let mut index = 0;
        while index < self.events.len() {
            index = self.step(index);
        }
        let known: BTreeSet<_> = self.layout.items.iter().map(|item| item.mark).collect();
        if self.is_full {
            // The rest was left out, and that is told once.
            let last = self.layout.items.last().map_or(0, |item| item.mark);
            self.covered.push(last..self.text.len());
        }
        self.layout.items.retain(|item| {
            if item.text.is_empty() {
                let message = WORDLESS.to_owned();
                self.layout.flaws.push(Flaw { at: item.mark, message });
            }
            !item.text.is_empty()
        });
        self.layout.flaws.extend(missed::find(self.text, &known, &mut self.covered));
        let (title, is_alone) = self.headings.title();
        for item in self.layout.items.iter_mut().filter(|item| is_alone && !item.section.is_empty())
        {
            item.section.remove(0);
        }
        for item in &mut self.layout.items {
            item.section.retain(|heading| !heading.is_empty());
        }
        self.layout.title = title.filter(|title| !title.is_empty());
        self.layout
    }

    /// Takes in an event, and gives the index of the next.
    fn step(&mut self, index: usize) -> usize {
        let Some((event, range)) = self.events.get_mut(index) else { return index + 1 };
        let event = mem::replace(event, Event::SoftBreak);
        let range = range.clone();
        match event {
            Event::Start(Tag::HtmlBlock) => return self.read_html(index, range),
            Event::Start(Tag::CodeBlock(_)) => return self.read_code(index + 1),
            Event::Start(tag) => self.enter(&tag),
            Event::End(tag) => self.leave(tag, &range),
            Event::TaskListMarker(ticked) => self.begin_item(ticked, &range),
            Event::Text(words) | Event::Code(words) => self.add(&words, &range),
            Event::InlineHtml(html) => self.read_inline_html(&html, &range),
            Event::SoftBreak | Event::HardBreak => self.add(" ", &(range.start..range.start)),
            _ => {}
        }
        index + 1
    }

    fn enter(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } if self.item().is_none() => {
                self.heading = Some((rank(*level), Text::default(), Vec::new()));
            }
            Tag::Item => self.containers.push(Container::Item(None, Own::Open)),
            Tag::List(_) | Tag::BlockQuote(_) | Tag::Table(_) => {
                self.seal(Own::Closed);
                self.containers.push(Container::Other);
            }
            // A heading below the words is another block; one in their place holds them.
            Tag::Paragraph | Tag::Heading { .. } if self.has_own_text() => self.seal(Own::Closed),
            _ => {}
        }
    }

    fn leave(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Heading(_) if self.heading.is_some() => self.end_heading(),
            TagEnd::Heading(_) | TagEnd::Paragraph => self.end_text(range),
            TagEnd::Item | TagEnd::List(_) | TagEnd::BlockQuote(_) | TagEnd::Table => {
                self.containers.pop();
            }
            // The address of a link may stand on another line than its words.
            _ => self.add("", range),
        }
    }

    /// The item whose own blocks are being read.
    fn item(&self) -> Option<&Container> {
        self.containers.last().filter(|container| matches!(container, Container::Item(..)))
    }

    /// The item of the checklist whose own text is being read.
    fn open_item(&mut self) -> Option<&mut Placed> {
        match self.containers.last()? {
            Container::Item(Some(index), Own::Open) => self.layout.items.get_mut(*index),
            _ => None,
        }
    }

    /// Whether the item that is being read has its words already.
    fn has_own_text(&self) -> bool {
        match self.containers.last() {
            Some(Container::Item(Some(index), Own::Open)) => {
                self.layout.items.get(*index).is_some_and(|item| !item.text.is_empty())
            }
            // The box is the first thing in the block that holds the words.
            Some(Container::Item(None, Own::Open)) => false,
            _ => true,
        }
    }

    /// Nothing more belongs to the own text of the item that is being read.
    pub(super) fn seal(&mut self, to: Own) {
        if let Some(Container::Item(_, own)) = self.containers.last_mut()
            && *own != Own::Closed
        {
            *own = to;
        }
    }

    fn end_text(&mut self, range: &Range<usize>) {
        let end = self.end_of(range);
        if let Some(item) = self.open_item().filter(|item| !item.text.is_empty()) {
            item.end = item.end.max(end);
            self.seal(Own::Over);
        }
    }

    /// The end of what stands in a range, without line breaks.
    pub(super) fn end_of(&self, range: &Range<usize>) -> usize {
        let content = self.text.get(range.clone()).unwrap_or_default();
        range.start + content.trim_end_matches(['\n', '\r', ' ', '\t', '>']).len()
    }

    fn begin_item(&mut self, ticked: bool, range: &Range<usize>) {
        let bracket = self.text.get(range.clone()).and_then(|text| text.find('['));
        let Some(bracket) = bracket else { return };
        let place = self.place(range.start + bracket + 1, ticked, false);
        if let (Some(Container::Item(item, _)), Some(_)) = (self.containers.last_mut(), place) {
            *item = place;
        }
    }

    /// Makes an item, if there is room for one.
    pub(super) fn place(&mut self, mark: usize, ticked: bool, in_code: bool) -> Option<usize> {
        if self.is_full {
            return None;
        }
        let index = self.layout.items.len();
        if index == MOST_ITEMS {
            self.is_full = true;
            let message = format!("there are more than {MOST_ITEMS} items: split the checklist");
            self.layout.flaws.push(Flaw { at: mark, message });
            return None;
        }
        self.layout.items.push(Placed {
            text: Text::default(),
            mark,
            ticked,
            section: self.headings.section(),
            phase: self.headings.phase(),
            comments: Vec::new(),
            end: mark + 2,
            in_code,
            blocks: Vec::new(),
        });
        Some(index)
    }

    fn add(&mut self, words: &str, range: &Range<usize>) {
        if let Some((_, text, _)) = &mut self.heading {
            text.push(words);
        } else if let Some(item) = self.open_item() {
            item.text.push(words);
            item.end = item.end.max(range.end);
        }
    }

    fn read_inline_html(&mut self, html: &str, range: &Range<usize>) {
        if html.starts_with("<br") {
            self.add(" ", range);
        }
        for found in comments(html) {
            self.covered.push(range.clone());
            if let Sense::Binding(before) = sense(found.inside) {
                let body = found.inside.get(before..).unwrap_or_default().to_owned();
                let at = range.start + found.start + before;
                self.bind(Comment { at, body });
            }
        }
        let end = range.end;
        if let Some(item) = self.open_item() {
            item.end = item.end.max(end);
        }
    }

    /// Gives a binding to what is being read.
    fn bind(&mut self, comment: Comment) {
        if let Some((_, _, comments)) = &mut self.heading {
            comments.push(comment);
        } else if let Some(item) = self.open_item() {
            item.comments.push(comment);
        } else {
            self.stray(comment.at);
        }
    }

    pub(super) fn stray(&mut self, at: usize) {
        let message = "the binding stands on the line of no item: move it behind the words of one";
        self.layout.flaws.push(Flaw { at, message: message.to_owned() });
    }

    fn end_heading(&mut self) {
        let Some((level, text, comments)) = self.heading.take() else { return };
        let mut phase: Option<Phase> = None;
        for comment in comments {
            let said = grammar::read(&comment.body);
            for problem in said.problems {
                let at = comment.at + problem.at;
                self.layout.flaws.push(Flaw { at, message: problem.message });
            }
            if !said.bindings.is_empty() {
                let message = "a heading is bound to nothing but a phase: bind the items below it";
                self.layout.flaws.push(Flaw { at: comment.at, message: message.to_owned() });
            }
            phase = phase.or(said.phase);
        }
        self.headings.push(level, text.as_str(), phase);
    }
}

const fn rank(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
