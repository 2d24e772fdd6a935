use crate::Span;

/// A place a person can find: line and columns, all 1-based.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1. `\n`, `\r\n` and a lone `\r` end a line.
    pub line: u32,
    /// Column in Unicode code points, from 1.
    pub column: u32,
    /// Column in UTF-16 code units, from 1: what SARIF, LSP and browsers count.
    pub utf16: u32,
}

/// Where each line of a text starts.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    len: u32,
    /// What stands in front of every whole number of blocks; empty for a text in ASCII, where
    /// every byte is a column. Without it, each place of a long line would cost its length.
    blocks: Vec<Count>,
}

/// Bytes of a block.
const BLOCK: usize = 4096;

/// Characters and UTF-16 code units.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    characters: u32,
    utf16: u32,
}

impl Count {
    /// With the characters that begin in these bytes of a UTF-8 text.
    fn with(self, bytes: &[u8]) -> Self {
        let begins = bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        // Four bytes are what two code units stand for.
        let pairs = bytes.iter().filter(|&&byte| byte >= 0xf0).count();
        let [characters, units] = [begins, begins + pairs].map(|count| Span::of(0..count).end);
        Self { characters: self.characters + characters, utf16: self.utf16 + units }
    }
}

/// The byte order mark is text for hashing, but no column for an editor.
const BOM: &str = "\u{feff}";

impl LineIndex {
    /// Indexes `text`, which the caller keeps.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
                continue;
            }
            starts.push(Span::of(0..at + 1).end);
        }
        let mut blocks = Vec::new();
        if !bytes.is_ascii() {
            let mut count = Count::default();
            for block in bytes.chunks(BLOCK) {
                blocks.push(count);
                count = count.with(block);
            }
        }
        Self { starts, len: Span::of(0..bytes.len()).end, blocks }
    }

    /// Number of lines; the empty text has one.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    /// The 1-based line that holds `offset`; the end of the text belongs to the last line.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> u32 {
        let after = self.starts.partition_point(|&start| start <= offset);
        u32::try_from(after).unwrap_or(u32::MAX)
    }

    /// The bytes of a 1-based line with its line break. Lines that do not exist are empty.
    #[must_use]
    pub fn line_span(&self, line: u32) -> Span {
        let index = line.saturating_sub(1) as usize;
        let start = self.starts.get(index).copied().unwrap_or(self.len);
        let end = self.starts.get(index + 1).copied().unwrap_or(self.len);
        Span::new(start, end)
    }

    /// The bytes of a 1-based line without its line break.
    #[must_use]
    pub fn line_text<'t>(&self, text: &'t str, line: u32) -> &'t str {
        let whole = text.get(self.line_span(line).range()).unwrap_or_default();
        whole.trim_end_matches(['\n', '\r'])
    }

    /// Line and columns of `offset` in `text`, the text that was indexed. An offset inside a
    /// character counts as its start; one past the end as the end.
    #[must_use]
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_of(Span::of(0..offset).end);
        let start = self.line_span(line).start as usize;
        // The mark is at the start of the first line, and of three bytes.
        let start = if start == 0 && text.starts_with(BOM) { BOM.len().min(offset) } else { start };
        let (from, to) = (self.count(text, start), self.count(text, offset));
        let column = 1 + to.characters - from.characters;
        let utf16 = 1 + to.utf16 - from.utf16;
        Position { line, column, utf16 }
    }

    /// What stands in front of an offset.
    fn count(&self, text: &str, offset: usize) -> Count {
        let (block, rest) = self.last_block(offset);
        let bytes = text.as_bytes().get(rest).unwrap_or_default();
        match block {
            Some(count) => count.with(bytes),
            None => {
                let all = Span::of(0..offset).end;
                Count { characters: all, utf16: all }
            }
        }
    }

    /// What is known of an offset, and the bytes in front of it that must be looked at: never more
    /// than a block.
    fn last_block(&self, offset: usize) -> (Option<Count>, std::ops::Range<usize>) {
        // At the very end of the text a block may be full, with none behind it.
        let Some(last) = self.blocks.len().checked_sub(1) else { return (None, offset..offset) };
        let at = (offset / BLOCK).min(last);
        (self.blocks.get(at).copied(), at * BLOCK..offset)
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, BOM, LineIndex, Position};

    fn position(text: &str, offset: u32) -> (u32, u32, u32) {
        let Position { line, column, utf16 } = LineIndex::new(text).position(text, offset);
        (line, column, utf16)
    }

    #[test]
    fn counts_code_points_and_utf16_units() {
        assert_eq!(position("aü🚢b", 7), (1, 4, 5));
        assert_eq!(position("a\nü b", 5), (2, 3, 3));
    }

    #[test]
    fn knows_all_three_line_breaks() {
        let text = "a\r\nb\rc\nd";
        assert_eq!(position(text, 3), (2, 1, 1));
        assert_eq!(position(text, 5), (3, 1, 1));
        assert_eq!(position(text, 7), (4, 1, 1));
        let index = LineIndex::new(text);
        assert_eq!(index.line_count(), 4);
        assert_eq!(index.line_text(text, 1), "a");
    }

    #[test]
    fn byte_order_mark_is_no_column() {
        assert_eq!(position("\u{feff}ab", 4), (1, 2, 2));
    }

    #[test]
    fn offsets_inside_characters_and_past_the_end_are_safe() {
        assert_eq!(position("ü", 1), (1, 1, 1));
        assert_eq!(position("ab\n", 99), (2, 1, 1));
    }

    #[test]
    fn places_in_a_long_line_cost_no_more_than_a_block() {
        let text = "\u{feff}".to_owned() + &"aü🚢b".repeat(40_000);
        let index = LineIndex::new(&text);
        for offset in (0..=text.len()).step_by(997).chain([text.len()]) {
            let (known, looked_at) = index.last_block(offset);
            assert!(known.is_some() && looked_at.len() <= BLOCK && looked_at.end == offset);
            let place = index.position(&text, u32::try_from(offset).unwrap());
            let before = text.get(BOM.len()..text.floor_char_boundary(offset)).unwrap_or_default();
            assert_eq!(place.column as usize, 1 + before.chars().count());
            assert_eq!(place.utf16 as usize, 1 + before.encode_utf16().count());
        }
        let plain = LineIndex::new("abc");
        assert_eq!(plain.last_block(2).1.len(), 0);
    }

    proptest::proptest! {
        #[test]
        fn positions_are_ordered_and_lead_back(text in "[a-zü🚢\\r\\n\u{feff} ]{0,40}") {
            let index = LineIndex::new(&text);
            let mut last = Position::default();
            for offset in 0..=u32::try_from(text.len()).unwrap() {
                let position = index.position(&text, offset);
                proptest::prop_assert!(last <= position);
                proptest::prop_assert!(position.column <= position.utf16);
                proptest::prop_assert!(index.line_span(position.line).start <= offset);
                last = position;
            }
        }
    }
}
