//! Items in code blocks: lines in which Markdown knows no lists.

use pulldown_cmark::{Event, Options, Parser, TagEnd};

use super::comment::{Comment, Sense, comments, sense};
use super::line::front;
use super::text::{Text, line_break};
use super::walk::{Own, Walk};

impl Walk<'_> {
    /// Reads the lines of a code block.
    pub(super) fn read_code(&mut self, mut index: usize) -> usize {
        self.seal(Own::Closed);
        let mut is_start = true;
        while let Some((event, range)) = self.events.get(index) {
            let (event, range) = (event.clone(), range.clone());
            index += 1;
            match event {
                Event::End(TagEnd::CodeBlock) => break,
                Event::Text(_) => {
                    let mut at = range.start;
                    for piece in self.text.get(range).unwrap_or_default().split_inclusive('\n') {
                        if is_start {
                            self.read_code_line(at);
                        }
                        at += piece.len();
                        is_start = piece.ends_with('\n');
                    }
                }
                _ => {}
            }
        }
        index
    }

    fn read_code_line(&mut self, at: usize) {
        let end = line_break(self.text, at).map_or(self.text.len(), |(end, _)| end);
        let line = self.text.get(at..end).unwrap_or_default();
        let Some(front) = front(line) else { return };
        let Some(index) = self.place(at + front.mark, front.ticked, true) else { return };
        let (text, comments) = words(line.get(front.rest..).unwrap_or_default());
        if let Some(item) = self.layout.items.get_mut(index) {
            item.text = text;
            item.end = end;
            item.comments = comments;
            for comment in &mut item.comments {
                comment.at += at + front.rest;
            }
        }
    }
}

/// The words of a line of code and the bindings behind them, with offsets in the line.
fn words(line: &str) -> (Text, Vec<Comment>) {
    let (mut text, mut bindings) = (Text::default(), Vec::new());
    let start = line.len() - line.trim_start().len();
    let events = Parser::new_ext(line.trim(), Options::ENABLE_STRIKETHROUGH).into_offset_iter();
    for (event, range) in events {
        match event {
            Event::Text(words) | Event::Code(words) => text.push(&words),
            Event::SoftBreak | Event::HardBreak => text.push(" "),
            Event::InlineHtml(html) | Event::Html(html) => {
                for found in comments(&html) {
                    if let Sense::Binding(before) = sense(found.inside) {
                        bindings.push(Comment {
                            at: start + range.start + found.start + before,
                            body: found.inside.get(before..).unwrap_or_default().to_owned(),
                        });
                    }
                }
            }
            _ => {}
        }
    }
    (text, bindings)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_line_of_code_has_words_and_bindings() {
        let (text, bindings) =
            words(" Deploy to **canary** ([docs](x)) <!-- careen: a --><!-- b -->");
        assert_eq!(text.as_str(), "Deploy to canary (docs)");
        assert_eq!(bindings.len(), 1);
        assert_eq!((bindings[0].at, bindings[0].body.as_str()), (46, " a "));
    }
}
