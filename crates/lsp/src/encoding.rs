//! How an editor counts the characters of a line.

use careen_rule::Region;
use lsp_types::{Position, Range};

/// The unit of columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Code units of UTF-16: what every editor must be able to count.
    #[default]
    Utf16,
    /// Code points.
    Utf32,
}

impl Encoding {
    /// The encoding for what an editor offers, in its words.
    ///
    /// The protocol has every editor know UTF-16, and reports know the columns of every file in
    /// UTF-16 and in code points. Bytes are known of open documents only, so they are the last
    /// choice, whatever the editor likes best.
    pub(crate) fn choose(offered: &[&str]) -> Self {
        [Self::Utf16, Self::Utf32, Self::Utf8]
            .into_iter()
            .find(|encoding| offered.contains(&encoding.name()))
            .unwrap_or_default()
    }

    /// The word of the protocol.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    /// Units of a character.
    pub(crate) const fn units(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }

    /// Units of a text without line breaks.
    pub(crate) fn width(self, text: &str) -> u32 {
        let width = match self {
            Self::Utf8 => text.len(),
            _ => text.chars().map(|character| self.units(character)).sum(),
        };
        u32::try_from(width).unwrap_or(u32::MAX)
    }

    /// The byte of a line at which a column is; the end of the line if it has no such column, and
    /// the start of a character if the column is inside of it.
    pub(crate) fn byte(self, line: &str, column: u32) -> usize {
        let column = column as usize;
        if line.is_ascii() {
            return column.min(line.len());
        }
        let mut seen = 0;
        for (at, character) in line.char_indices() {
            seen += self.units(character);
            if seen > column {
                return at;
            }
        }
        line.len()
    }

    /// A region of a report as the editor counts. `line` gives the text of a 1-based line, if it is
    /// at hand.
    pub(crate) fn range<'t>(self, region: Region, line: impl Fn(u32) -> Option<&'t str>) -> Range {
        let position = |at: careen_text::Position| {
            let column = match self {
                Self::Utf16 => at.utf16,
                Self::Utf32 => at.column,
                Self::Utf8 => match line(at.line) {
                    Some(text) => {
                        let before = text.trim_start_matches('\u{feff}').chars();
                        let before = before.take(at.column.saturating_sub(1) as usize);
                        let width: usize = before.map(char::len_utf8).sum();
                        u32::try_from(width).unwrap_or(u32::MAX).saturating_add(1)
                    }
                    None => at.column,
                },
            };
            Position::new(at.line.saturating_sub(1), column.saturating_sub(1))
        };
        Range::new(position(region.start), position(region.end))
    }
}

#[cfg(test)]
mod tests {
    use careen_rule::Region;
    use careen_text::LineIndex;

    use super::Encoding;

    #[test]
    fn utf16_is_taken_where_it_can_be() {
        assert_eq!(Encoding::choose(&[]), Encoding::Utf16);
        assert_eq!(Encoding::choose(&["utf-8", "utf-16"]), Encoding::Utf16);
        assert_eq!(Encoding::choose(&["utf-8", "utf-32"]), Encoding::Utf32);
        assert_eq!(Encoding::choose(&["utf-8"]), Encoding::Utf8);
        assert_eq!(Encoding::choose(&["latin-1"]), Encoding::Utf16);
    }

    #[test]
    fn columns_become_bytes_and_back() {
        let line = "aü🚢b";
        for (encoding, columns) in [
            (Encoding::Utf8, [0, 1, 3, 7, 8]),
            (Encoding::Utf16, [0, 1, 2, 4, 5]),
            (Encoding::Utf32, [0, 1, 2, 3, 4]),
        ] {
            let bytes = columns.map(|column| encoding.byte(line, column));
            assert_eq!(bytes, [0, 1, 3, 7, 8], "{encoding:?}");
            assert_eq!(encoding.byte(line, 99), 8);
            for (byte, column) in bytes.into_iter().zip(columns) {
                let index = LineIndex::new(line);
                let at = index.position(line, u32::try_from(byte).unwrap());
                let range = encoding.range(Region { start: at, end: at }, |_| Some(line));
                assert_eq!(range.start.character, column, "{encoding:?}");
            }
        }
        // In the middle of the ship.
        assert_eq!(Encoding::Utf16.byte(line, 3), 3);
        assert_eq!(Encoding::Utf8.byte(line, 2), 1);
    }
}
