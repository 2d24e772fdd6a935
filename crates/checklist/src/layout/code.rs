//! Items in code blocks: lines in which Markdown knows no lists.

use pulldown_cmark::{Event, Options, Parser};

use super::comment::{Comment, Sense, comments, sense};
use super::text::Text;

/// The words of a line of code and the bindings behind them, with offsets in the line.
pub(super) fn words(line: &str) -> (Text, Vec<Comment>) {
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
