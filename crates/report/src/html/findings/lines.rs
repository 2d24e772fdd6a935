//! Lines of a file with the marked part.

use careen_rule::Snippet;

use crate::html::text::{Kind, Text};

/// Lines of a snippet that are shown.
const MOST: usize = 12;

pub(in crate::html) struct Line<'r> {
    /// 1-based.
    pub(in crate::html) number: u32,
    pub(in crate::html) text: Text<'r>,
}

/// The lines of a snippet; none if it holds nothing.
pub(in crate::html) fn lines(snippet: &Snippet) -> Vec<Line<'_>> {
    let text = snippet.text.as_str();
    if text.is_empty() {
        return Vec::new();
    }
    let start = text.floor_char_boundary(snippet.start.min(text.len()));
    let end = text.ceil_char_boundary(snippet.end.clamp(start, text.len()));
    let mut lines = Vec::new();
    let mut from = 0;
    for (number, line) in (snippet.first_line.max(1)..).zip(text.split('\n').take(MOST)) {
        let to = from + line.len();
        let mut shown = Text::default();
        // An empty mark stands on the one line that holds its place.
        let marked = start.max(from)..end.min(to);
        if start <= to && end >= from && (marked.start < marked.end || start == end) {
            shown.push_source(part(text, from, marked.start), Kind::Plain);
            shown.push_source(part(text, marked.start, marked.end), Kind::Marked);
            shown.push_source(part(text, marked.end, to), Kind::Plain);
        } else {
            shown.push_source(line, Kind::Plain);
        }
        lines.push(Line { number, text: shown });
        from = to + 1;
    }
    lines
}

fn part(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use askama::Template;
    use careen_rule::Snippet;

    use super::lines;

    fn html(text: &str, start: usize, end: usize) -> Vec<String> {
        let snippet = Snippet { first_line: 7, text: text.to_owned(), start, end };
        let render =
            |line: super::Line<'_>| format!("{} {}", line.number, line.text.render().unwrap());
        lines(&snippet).into_iter().map(render).collect()
    }

    #[test]
    fn the_span_is_marked_on_each_of_its_lines() {
        assert_eq!(html("a: <b>", 3, 6), ["7 a: <mark>&#60;b&#62;</mark>"]);
        assert_eq!(
            html("one\n\ntwo: x", 1, 8),
            ["7 o<mark>ne</mark>", "8 ", "9 <mark>two</mark>: x"]
        );
        assert_eq!(html("a\nb", 0, 2), ["7 <mark>a</mark>", "8 b"]);
        assert_eq!(html("a\nb", 2, 3), ["7 a", "8 <mark>b</mark>"]);
    }

    #[test]
    fn a_place_between_characters_is_marked_once() {
        assert_eq!(html("ab\nc", 1, 1), ["7 a<mark></mark>b", "8 c"]);
        assert_eq!(html("ab\nc", 2, 2), ["7 ab<mark></mark>", "8 c"]);
        assert_eq!(html("ab\nc", 3, 3), ["7 ab", "8 <mark></mark>c"]);
    }

    #[test]
    fn impossible_spans_do_no_harm() {
        assert_eq!(html("ü", 1, 1), ["7 <mark>ü</mark>"]);
        assert_eq!(html("a", 9, 3), ["7 a<mark></mark>"]);
        assert_eq!(html("", 9, 3), [""; 0]);
        assert_eq!(html(&"\n".repeat(40), 0, 3).len(), 12);
    }
}
