//! The lines a report shows, with every secret masked.

use careen_rule::{Region, Snippet};
use careen_text::{LineIndex, Source, Span};

/// What stands for a masked run, whatever its length: the length tells something too.
pub(crate) const MASK: &str = "********";
/// At most so many lines are shown.
const MOST_LINES: u32 = 4;
/// At most so many bytes are shown before and after the span on its line.
const MARGIN: usize = 120;
/// At most so many bytes of the span are shown.
const MOST_BYTES: usize = 240;

/// The positions of a span.
pub(crate) fn region(source: &Source, span: Span) -> Region {
    Region { start: source.position(span.start), end: source.position(span.end) }
}

/// Sorts masks and joins those that touch.
pub(crate) fn merge(mut masks: Vec<Span>) -> Vec<Span> {
    masks.retain(|mask| !mask.is_empty());
    masks.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(masks.len());
    for mask in masks {
        match merged.last_mut() {
            Some(last) if mask.start <= last.end => last.end = last.end.max(mask.end),
            _ => merged.push(mask),
        }
    }
    merged
}

/// Cuts the lines of `span` out of the source and masks them. `masks` are merged.
pub(crate) fn snippet(source: &Source, span: Span, masks: &[Span]) -> Snippet {
    let lines = source.lines();
    let first_line = lines.line_of(span.start);
    let last_line = lines
        .line_of(span.end.saturating_sub(u32::from(!span.is_empty())))
        .clamp(first_line, first_line + MOST_LINES - 1);
    let from = lines.line_span(first_line).start as usize;
    let last_start = lines.line_span(last_line).start as usize;
    let to = last_start + lines.line_text(source.text(), last_line).len();
    let start = (span.start as usize).clamp(from, to);
    let end = (span.end as usize).clamp(start, to).min(start + MOST_BYTES);
    let from = boundary(source.text(), from.max(start.saturating_sub(MARGIN)));
    let to = boundary(source.text(), to.min(end + MARGIN));
    let (start, end) = (boundary(source.text(), start), boundary(source.text(), end));

    let mut shown = Shown { source, start, end, snippet: Snippet::default() };
    shown.snippet.first_line = first_line;
    let mut at = from;
    let first = masks.partition_point(|mask| mask.end as usize <= from);
    for mask in masks.get(first..).unwrap_or_default() {
        let (mask_from, mask_to) = ((mask.start as usize).max(at), (mask.end as usize).min(to));
        if mask_from >= to {
            break;
        }
        shown.plain(at, mask_from);
        shown.masked(mask_from, mask_to);
        at = mask_to;
    }
    shown.plain(at, to);
    let mut snippet = shown.snippet;
    snippet.end = snippet.end.max(snippet.start);
    snippet
}

/// A snippet in the making, with the range of the source that is to be marked in it.
struct Shown<'s> {
    source: &'s Source,
    start: usize,
    end: usize,
    snippet: Snippet,
}

impl Shown<'_> {
    /// Shows bytes of the source.
    fn plain(&mut self, from: usize, to: usize) {
        let mut at = from;
        let (first, second) =
            (self.start.clamp(from, to.max(from)), self.end.clamp(from, to.max(from)));
        for stop in [first, second, to] {
            let text = self.source.text().get(at..stop).unwrap_or_default();
            // Lines are joined by one `\n`, whatever parts them in the file.
            let mut pieces = text.split('\r').peekable();
            while let Some(piece) = pieces.next() {
                self.snippet.text.push_str(piece);
                let broken = pieces.peek().is_some_and(|next| !next.starts_with('\n'));
                // A mark may part `\r` from its `\n`.
                let parted = pieces.peek().is_some_and(|next| next.is_empty())
                    && self.source.text().as_bytes().get(stop) == Some(&b'\n');
                if broken && !parted {
                    self.snippet.text.push('\n');
                }
            }
            at = stop.max(at);
            if at == self.start && (from..=to).contains(&at) {
                self.snippet.start = self.snippet.text.len();
            }
            if at == self.end && (from..=to).contains(&at) {
                self.snippet.end = self.snippet.text.len();
            }
        }
    }

    /// Shows that there is something, but not what. Lines stay lines, so that those that follow
    /// keep their numbers.
    fn masked(&mut self, from: usize, to: usize) {
        let hidden = self.source.text().as_bytes().get(from..to).unwrap_or_default();
        let breaks =
            LineIndex::new(&String::from_utf8_lossy(hidden)).line_count().saturating_sub(1);
        if (from..to).contains(&self.start) {
            self.snippet.start = self.snippet.text.len();
        }
        let ends_in_break = hidden.ends_with(b"\n") || hidden.ends_with(b"\r");
        for line in 0..=breaks {
            if line > 0 {
                self.snippet.text.push('\n');
            }
            if line < breaks || !ends_in_break {
                self.snippet.text.push_str(MASK);
            }
        }
        if from < self.end && self.end <= to {
            self.snippet.end = self.snippet.text.len();
        }
    }
}

fn boundary(text: &str, mut offset: usize) -> usize {
    offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use careen_text::{Source, Span};

    use super::{merge, snippet};

    fn shown(text: &str, span: Span, masks: &[Span]) -> (String, String) {
        let source = Source::new("x", text);
        let snippet = snippet(&source, span, &merge(masks.to_vec()));
        let marked = snippet.text[snippet.start..snippet.end].to_owned();
        (snippet.text, marked)
    }

    #[test]
    fn cuts_the_line() {
        let (text, marked) = shown("a: 1\nbc: 22\n", Span::new(9, 11), &[]);
        assert_eq!((text.as_str(), marked.as_str()), ("bc: 22", "22"));
    }

    #[test]
    fn masks_hide_the_value_and_keep_the_mark() {
        let text = "password: hunter2 # x\n";
        let secret = Span::new(10, 17);
        assert_eq!(
            shown(text, secret, &[secret]),
            ("password: ******** # x".to_owned(), "********".to_owned())
        );
        assert_eq!(
            shown(text, Span::new(0, 8), &[secret, Span::new(12, 18)]),
            ("password: ********# x".to_owned(), "password".to_owned())
        );
        // A mark that begins inside a mask shows the whole mask.
        assert_eq!(shown(text, Span::new(12, 17), &[secret]).1, "********");
        assert_eq!(shown(text, Span::new(4, 13), &[secret]).1, "word: ********");
    }

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let text = format!("{}ü{}", "a".repeat(5_000), "b".repeat(5_000));
        let (text, marked) = shown(&text, Span::new(5_000, 5_002), &[]);
        assert_eq!(marked, "ü");
        assert!(text.len() <= 2 * 120 + 2);
    }

    #[test]
    fn many_lines_are_cut() {
        let (text, _) = shown("1\n2\n3\n4\n5\n6\n", Span::new(0, 12), &[]);
        assert_eq!(text, "1\n2\n3\n4");
    }

    #[test]
    fn lines_are_joined_by_one_break() {
        let text = "a: 1\r\nb:\t2\rc: 3\r\n";
        let (shown_text, marked) = shown(text, Span::new(3, 15), &[]);
        assert_eq!((&*shown_text, &*marked), ("a: 1\nb:\t2\nc: 3", "1\nb:\t2\nc: 3"));
        // A mark between `\r` and `\n`, as long as nothing is shown twice.
        assert_eq!(shown(text, Span::new(5, 8), &[]).0, "a: 1\nb:\t2");
    }

    #[test]
    fn masks_keep_the_lines_below_in_their_places() {
        let text = "key: |\n  AAAA\n  BBBB\nnext: 1\n";
        let secret = Span::new(9, 20);
        let (shown_text, marked) = shown(text, Span::new(0, 28), &[secret]);
        assert_eq!(shown_text, "key: |\n  ********\n********\nnext: 1");
        assert_eq!(marked, shown_text);
        // A mask that takes the line break along, and one that begins above what is shown.
        let whole = Span::new(7, 21);
        assert_eq!(
            shown(text, Span::new(0, 28), &[whole]).0,
            "key: |\n********\n********\nnext: 1"
        );
        assert_eq!(
            shown(text, Span::new(16, 20), &[secret]),
            ("********".into(), "********".into())
        );
        assert_eq!(shown(text, Span::new(21, 25), &[whole]), ("next: 1".into(), "next".into()));
    }

    #[test]
    fn any_span_and_any_masks_are_shown_without_the_secret() {
        let text = "\u{feff}a: \u{fc}SECRET\r\n\tb: SECRET\r\n\n  SECRET\u{1f980}\n";
        let secrets: Vec<Span> =
            text.match_indices("SECRET").map(|(at, word)| Span::of(at..at + word.len())).collect();
        let end = u32::try_from(text.len()).unwrap() + 3;
        for from in 0..end {
            for to in from..end {
                let more = [&secrets[..], &[Span::new(from, to)]].concat();
                for masks in [&secrets, &more] {
                    let (shown, _) = shown(text, Span::new(from, to), masks);
                    assert!(
                        !shown.contains("SECR") && !shown.contains('\r'),
                        "{from}-{to}: {shown}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_end_of_an_empty_file_is_a_place() {
        assert_eq!(shown("", Span::new(0, 0), &[]), (String::new(), String::new()));
    }
}
