//! A text after several rounds of edits, that still knows what of it stood there before.

use std::ops::Range;

/// A run of the text.
enum Piece {
    /// Bytes of the first text.
    Old(Range<usize>),
    /// Something new.
    New(String),
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Self::Old(range) => range.len(),
            Self::New(text) => text.len(),
        }
    }
}

/// A text and its history.
pub(crate) struct Pieces<'t> {
    first: &'t str,
    pieces: Vec<Piece>,
}

impl<'t> Pieces<'t> {
    pub(crate) fn of(first: &'t str) -> Self {
        Self { first, pieces: vec![Piece::Old(0..first.len())] }
    }

    /// Puts something in the place of bytes of the text as it is now.
    pub(crate) fn replace(&mut self, range: Range<usize>, new: &str) {
        let from = self.split(range.start);
        let to = self.split(range.end.max(range.start));
        let new = (!new.is_empty()).then(|| Piece::New(new.to_owned()));
        self.pieces.splice(from..to, new);
    }

    /// Makes a piece begin at a byte, and tells which.
    fn split(&mut self, at: usize) -> usize {
        let mut start = 0;
        for index in 0..self.pieces.len() {
            let Some(piece) = self.pieces.get_mut(index) else { break };
            let length = piece.len();
            if at <= start {
                return index;
            }
            if at < start + length {
                let cut = at - start;
                let rest = match piece {
                    Piece::Old(range) => {
                        let rest = range.start + cut..range.end;
                        range.end = rest.start;
                        Piece::Old(rest)
                    }
                    Piece::New(text) => Piece::New(text.split_off(cut)),
                };
                self.pieces.insert(index + 1, rest);
                return index + 1;
            }
            start += length;
        }
        self.pieces.len()
    }

    /// The text as it is now.
    pub(crate) fn text(&self) -> String {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Old(range) => self.first.get(range.clone()).unwrap_or_default(),
            Piece::New(text) => text,
        });
        pieces.collect()
    }

    /// What leads from the first text to this one: edits of the first text, in order and apart.
    pub(crate) fn edits(&self) -> Vec<(Range<usize>, String)> {
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        let (mut at, mut new) = (0, String::new());
        for piece in &self.pieces {
            match piece {
                Piece::New(text) => new.push_str(text),
                Piece::Old(range) => {
                    if range.start > at || !new.is_empty() {
                        edits.push((at..range.start, std::mem::take(&mut new)));
                    }
                    at = range.end;
                }
            }
        }
        if at < self.first.len() || !new.is_empty() {
            edits.push((at..self.first.len(), new));
        }
        edits
    }
}

#[cfg(test)]
mod tests {
    use super::Pieces;

    #[test]
    fn rounds_of_edits_are_edits_of_the_first_text() {
        let first = "one two three";
        let mut pieces = Pieces::of(first);
        assert!(pieces.edits().is_empty());
        pieces.replace(4..7, "2");
        assert_eq!(pieces.text(), "one 2 three");
        pieces.replace(4..5, "zwei");
        pieces.replace(0..0, "> ");
        pieces.replace(10..16, "");
        assert_eq!(pieces.text(), "> one zwei");
        let edits = pieces.edits();
        let mut text = first.to_owned();
        for (range, new) in edits.iter().rev() {
            text.replace_range(range.clone(), new);
        }
        assert_eq!(text, "> one zwei");
        assert_eq!(edits.len(), 2, "{edits:?}");
        let mut empty = Pieces::of("");
        empty.replace(0..0, "a");
        assert_eq!(empty.edits(), [(0..0, "a".to_owned())]);
    }
}
