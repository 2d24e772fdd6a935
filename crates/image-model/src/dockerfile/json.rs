//! The JSON form: an array of strings.

use careen_text::Span;

use super::WORDS_MAX;
use crate::joined::Joiner;
use crate::{Joined, Word};

/// The words of a JSON array of strings that takes all of the text from `at` on; nothing where it
/// is anything else, which makes it the shell form.
pub(super) fn array(joined: &Joined, at: usize) -> Option<Vec<Word>> {
    let mut reader = Reader { joined, text: joined.text(), at };
    reader.blanks();
    reader.take(b'[')?;
    reader.blanks();
    let mut words = Vec::new();
    if reader.take(b']').is_none() {
        loop {
            reader.blanks();
            let word = reader.string()?;
            if words.len() < WORDS_MAX {
                words.push(word);
            }
            reader.blanks();
            if reader.take(b',').is_none() {
                reader.take(b']')?;
                break;
            }
        }
    }
    reader.blanks();
    (reader.at == reader.text.len()).then_some(words)
}

/// The decoded text of a word of the JSON form, with the way back to the file.
pub(super) fn decoded(source: &str, word: &Word) -> Joined {
    let raw = source.get(word.content.range()).unwrap_or_default();
    if raw == word.text {
        return Joined::verbatim(raw, word.content.start);
    }
    if let Some(joined) = unescaped(raw, word.content.start)
        && joined.text() == word.text
    {
        return joined;
    }
    // A line continuation lies inside: the text maps as a whole.
    let mut joiner = Joiner::default();
    joiner.push_as(&word.text, word.content);
    joiner.finish()
}

/// Decodes the inside of a string that stands in the file at byte `offset`.
fn unescaped(raw: &str, offset: u32) -> Option<Joined> {
    let joined = Joined::verbatim(raw, offset);
    let mut reader = Reader { joined: &joined, text: raw, at: 0 };
    let mut joiner = Joiner::default();
    while let Some(byte) = reader.peek() {
        let start = reader.at;
        reader.at += 1;
        if byte == b'\\' {
            let mut buffer = [0; 4];
            let character = reader.escape()?.encode_utf8(&mut buffer);
            joiner.push_as(character, joined.span(start..reader.at));
            continue;
        }
        while reader.peek().is_some_and(|byte| byte != b'\\') {
            reader.at += 1;
        }
        joiner.push(raw.get(start..reader.at)?, joined.span(start..start).start);
    }
    Some(joiner.finish())
}

struct Reader<'a> {
    joined: &'a Joined,
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    fn string(&mut self) -> Option<Word> {
        let start = self.at;
        self.take(b'"')?;
        let mut text = String::new();
        loop {
            let run = self.at;
            while self.peek().is_some_and(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            text.push_str(self.text.get(run..self.at)?);
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                _ => return None,
            }
        }
        self.at += 1;
        let span: Span = self.joined.span(start..self.at);
        let content = self.joined.span(start + 1..self.at - 1);
        let literal = !text.contains('$');
        Some(Word { text, span, content, quoted: true, literal })
    }

    fn escape(&mut self) -> Option<char> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hex()?;
                if !(0xd800..0xdc00).contains(&high) {
                    return Some(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                let back = self.at;
                let low = if self.take(b'\\').and_then(|()| self.take(b'u')).is_some() {
                    self.hex()?
                } else {
                    0
                };
                if !(0xdc00..0xe000).contains(&low) {
                    self.at = back;
                    return Some(char::REPLACEMENT_CHARACTER);
                }
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}
