//! Blocks of raw HTML: comments that bind the item above, and blocks of evidence.

use std::ops::Range;

use pulldown_cmark::{Event, TagEnd};

use super::Flaw;
use super::comment::{Comment, Sense, comments, is_pure, sense};
use super::walk::{Container, Own, Walk};

impl Walk<'_> {
    /// Reads a block of HTML: comments that bind the item above, or a block of evidence.
    pub(super) fn read_html(&mut self, index: usize, range: Range<usize>) -> usize {
        if let Some(&behind) = self.blocks.ends.get(&index) {
            let last = self.events.get(behind - 1).map_or(range.end, |(_, last)| last.end);
            self.read_evidence(range.start..last);
            return behind;
        }
        let (mut content, mut lines) = (String::new(), Vec::new());
        let mut behind = index + 1;
        while let Some((event, range)) = self.events.get(behind) {
            behind += 1;
            match event {
                Event::End(TagEnd::HtmlBlock) => break,
                Event::Html(html) => {
                    lines.push((content.len(), range.start));
                    content.push_str(html);
                }
                _ => {}
            }
        }
        self.read_html_comments(&content, &lines, &range);
        behind
    }

    fn read_html_comments(
        &mut self,
        content: &str,
        lines: &[(usize, usize)],
        range: &Range<usize>,
    ) {
        let place = |at: usize| {
            let line = lines.partition_point(|(start, _)| *start <= at).checked_sub(1);
            line.and_then(|line| lines.get(line)).map_or(range.start, |(start, offset)| {
                // A line break may be written in two bytes and read as one.
                (offset + at - start).min(range.end)
            })
        };
        let is_pure = is_pure(content);
        let mut bindings = Vec::new();
        for found in comments(content) {
            self.covered.push(place(found.range.start)..place(found.range.end));
            if !found.is_closed {
                let message = "the comment never ends, and hides all below it: add `-->`";
                let at = place(found.range.start);
                self.layout.flaws.push(Flaw { at, message: message.to_owned() });
            }
            if let Sense::Binding(before) = sense(found.inside) {
                let body = found.inside.get(before..).unwrap_or_default().to_owned();
                bindings.push(Comment { at: place(found.start + before), body });
            }
        }
        self.bind_below(bindings, is_pure, range);
    }

    /// Gives the bindings of a block of comments to the item whose words stand above it.
    fn bind_below(&mut self, bindings: Vec<Comment>, is_pure: bool, range: &Range<usize>) {
        let end = self.end_of(range);
        let has_bindings = !bindings.is_empty();
        let target = match self.containers.last() {
            Some(Container::Item(Some(index), own)) if is_pure => Some((*index, *own)),
            _ => None,
        };
        match target.and_then(|(index, own)| Some((self.layout.items.get_mut(index)?, own))) {
            Some((item, own)) => {
                if has_bindings && own != Own::Closed {
                    item.end = item.end.max(end);
                }
                item.comments.extend(bindings);
            }
            None => bindings.iter().for_each(|comment| self.stray(comment.at)),
        }
        let is_ours = has_bindings && is_pure;
        self.seal(if is_ours { Own::Over } else { Own::Closed });
    }

    fn read_evidence(&mut self, range: Range<usize>) {
        self.covered.push(range.clone());
        let owner = match self.containers.last() {
            Some(Container::Item(Some(index), _)) => self.layout.items.get_mut(*index),
            _ => None,
        };
        match owner {
            Some(item) => item.blocks.push(range),
            None => {
                let message = "this block of evidence belongs to no item: delete it";
                self.layout.flaws.push(Flaw { at: range.start, message: message.to_owned() });
            }
        }
        self.seal(Own::Over);
    }
}
