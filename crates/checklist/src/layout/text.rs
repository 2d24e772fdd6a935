//! What people wrote, as one line.

/// Characters of a text that are kept. A longer one is no line of a list.
const MOST_CHARACTERS: usize = 1_000;

/// A line of words with single blanks between them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    words: String,
    characters: usize,
    is_apart: bool,
}

impl Text {
    /// Adds what was written; any blank is one blank.
    pub(crate) fn push(&mut self, more: &str) {
        for c in more.chars() {
            if c.is_whitespace() || c.is_control() {
                self.is_apart = true;
            } else if self.characters < MOST_CHARACTERS {
                if std::mem::take(&mut self.is_apart) && !self.words.is_empty() {
                    self.words.push(' ');
                    self.characters += 1;
                }
                self.words.push(c);
                self.characters += 1;
                if self.characters >= MOST_CHARACTERS {
                    self.words.push('…');
                }
            }
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.words
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// The first line break at or after an offset: where it begins and ends. None on the last line.
pub(crate) fn line_break(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let at = rest.find(['\n', '\r'])?;
    let length = if rest.get(at..)?.starts_with("\r\n") { 2 } else { 1 };
    Some((from + at, from + at + length))
}
