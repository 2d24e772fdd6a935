//! Words of shell text.

use std::ops::Range;

use crate::shell::{Command, skip};
use crate::{Joined, Pair, Word};

/// Reads words off a script.
pub(super) struct Lexer<'a> {
    pub(super) script: &'a Joined,
    /// The script's text up to where this lexer may read.
    pub(super) text: &'a str,
    /// The next byte.
    pub(super) at: usize,
}

/// A word with what the splitter must know about it.
pub(super) struct Lexed {
    pub(super) word: Word,
    /// Where the word stands in the script's text.
    pub(super) range: Range<usize>,
    /// The same without enclosing quotes.
    pub(super) content: Range<usize>,
    /// Where the `=` of `NAME=value` stands in the script's text.
    pub(super) equals: Option<usize>,
}

impl Lexer<'_> {
    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// Over white space within a line, and over line continuations.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            match self.peek(0) {
                Some(b' ' | b'\t' | b'\r' | 0x0b | 0x0c) => self.at += 1,
                Some(b'\\') => match self.continuation() {
                    0 => return,
                    width => self.at += width,
                },
                _ => return,
            }
        }
    }

    pub(super) fn skip_comment(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    }

    /// Over the body of a heredoc and the line that ends it.
    pub(super) fn skip_heredoc(&mut self, delimiter: &str, tabs: bool) {
        while let Some(rest) = self.text.get(self.at..)
            && !rest.is_empty()
        {
            let len = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
            self.at += len;
            let line = rest.get(..len).unwrap_or_default().trim_end_matches(['\r', '\n']);
            let line = if tabs { line.trim_start_matches('\t') } else { line };
            if line == delimiter {
                break;
            }
        }
    }

    /// Length of the line continuation at the backslash that comes next, 0 for none.
    fn continuation(&self) -> usize {
        match (self.peek(1), self.peek(2)) {
            (Some(b'\n'), _) => 2,
            (Some(b'\r'), Some(b'\n')) => 3,
            _ => 0,
        }
    }

    /// Reads the word that starts here; the ranges of its substitutions go into `inner`.
    pub(super) fn word(&mut self, inner: &mut Vec<Range<usize>>) -> Lexed {
        let start = self.at;
        let mut word = Word { literal: true, ..Word::default() };
        let mut enclosed = None;
        let mut equals = None;
        while let Some(byte) = self.peek(0) {
            let piece = self.at;
            match byte {
                b'<' | b'>' if piece == start && self.peek(1) == Some(b'(') => {
                    self.at = skip::parentheses(self.text.as_bytes(), piece + 1);
                    inner.push(piece + 2..self.at.saturating_sub(1).max(piece + 2));
                    word.literal = false;
                    self.copy(&mut word, piece);
                }
                b'(' if equals == Some(piece.wrapping_sub(1)) => {
                    self.at = skip::parentheses(self.text.as_bytes(), piece);
                    self.copy(&mut word, piece);
                }
                _ if ends_word(byte) => break,
                b'\\' => self.escape(&mut word, true),
                b'\'' => {
                    self.single_quoted(&mut word);
                    enclosed = (piece == start).then_some(self.at);
                }
                b'"' => {
                    self.double_quoted(&mut word, inner);
                    enclosed = (piece == start).then_some(self.at);
                }
                b'$' if matches!(self.peek(1), Some(b'\'' | b'"')) => self.at += 1,
                b'$' | b'`' => self.expansion(&mut word, false, inner),
                b'=' => {
                    if equals.is_none() && is_name(self.text.get(start..piece)) {
                        equals = Some(piece);
                    }
                    self.at += 1;
                    self.copy(&mut word, piece);
                }
                _ => {
                    self.at += 1;
                    while self.peek(0).is_some_and(is_plain) {
                        self.at += 1;
                    }
                    self.copy(&mut word, piece);
                }
            }
        }
        let range = start..self.at;
        let content = match enclosed {
            Some(end) if end == self.at && end >= start + 2 && self.closes(start, end - 1) => {
                start + 1..end - 1
            }
            _ => range.clone(),
        };
        word.span = self.script.span(range.clone());
        word.content = self.script.span(content.clone());
        Lexed { word, range, content, equals }
    }

    /// Splits an assignment at its `=`.
    pub(super) fn assignment(&self, word: &Word, range: Range<usize>, equals: usize) -> Pair {
        let name = range.start..equals;
        let key_span = self.script.span(name.clone());
        let key = Word {
            text: self.text.get(name).unwrap_or_default().to_owned(),
            span: key_span,
            content: key_span,
            quoted: false,
            literal: true,
        };
        let written = self.text.get(equals + 1..range.end).unwrap_or_default();
        let span = self.script.span(equals + 1..range.end);
        let enclosed = word.quoted
            && written.len() >= 2
            && ["'", "\""].iter().any(|mark| {
                written.starts_with(mark)
                    && written.get(1..).and_then(|rest| rest.find(mark)) == Some(written.len() - 2)
            });
        let content = if enclosed { self.script.span(equals + 2..range.end - 1) } else { span };
        let value = Word {
            text: word.text.split_once('=').map_or("", |(_, value)| value).to_owned(),
            span,
            content,
            quoted: word.quoted,
            literal: word.literal,
        };
        super::pair(key, value)
    }

    /// The text given to a shell by `sh -c`, as a range of the script. `contents` are the ranges
    /// of the command's words.
    pub(super) fn handed_to_shell(
        command: &Command,
        contents: &[Range<usize>],
    ) -> Option<Range<usize>> {
        const SHELLS: [&str; 7] = ["sh", "bash", "ash", "dash", "ksh", "zsh", "busybox"];
        let is_shell = |word: &Word| {
            let program = word.text.rsplit('/').next().unwrap_or_default();
            SHELLS.contains(&program)
        };
        let shell = command.words.iter().position(is_shell)?;
        let rest = command.words.get(shell + 1..)?;
        let option = rest.iter().position(|word| {
            word.text.starts_with('-') && !word.text.starts_with("--") && word.text.ends_with('c')
        })?;
        let script = shell + option + 2;
        command.words.get(script).filter(|word| word.quoted)?;
        contents.get(script).cloned()
    }

    /// Whether the same quote stands at both offsets.
    fn closes(&self, opening: usize, closing: usize) -> bool {
        let bytes = self.text.as_bytes();
        bytes.get(opening) == bytes.get(closing)
    }

    fn copy(&self, word: &mut Word, from: usize) {
        word.text.push_str(self.text.get(from..self.at).unwrap_or_default());
    }

    /// A backslash; `any` says that it quotes every character, not only those special in double
    /// quotes.
    fn escape(&mut self, word: &mut Word, any: bool) {
        match self.continuation() {
            0 => {}
            width => {
                self.at += width;
                return;
            }
        }
        let next = self.text.get(self.at + 1..).and_then(|rest| rest.chars().next());
        match next {
            Some(next) if any || matches!(next, '$' | '`' | '"' | '\\') => {
                word.text.push(next);
                word.quoted |= any;
                self.at += 1 + next.len_utf8();
            }
            _ => {
                word.text.push('\\');
                self.at += 1;
            }
        }
    }

    fn single_quoted(&mut self, word: &mut Word) {
        word.quoted = true;
        let from = self.at + 1;
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let close = memchr::memchr(b'\'', rest);
        let end = from + close.unwrap_or(rest.len());
        word.text.push_str(self.text.get(from..end).unwrap_or_default());
        self.at = end + usize::from(close.is_some());
    }

    fn double_quoted(&mut self, word: &mut Word, inner: &mut Vec<Range<usize>>) {
        word.quoted = true;
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            let piece = self.at;
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' => self.escape(word, false),
                b'$' | b'`' => self.expansion(word, true, inner),
                _ => {
                    self.at += 1;
                    while self.peek(0).is_some_and(|next| !b"\"\\$`".contains(&next)) {
                        self.at += 1;
                    }
                    self.copy(word, piece);
                }
            }
        }
    }

    /// A dollar sign or backtick and what belongs to it, kept as written.
    fn expansion(&mut self, word: &mut Word, quoted: bool, inner: &mut Vec<Range<usize>>) {
        let piece = self.at;
        match (self.peek(0), self.peek(1)) {
            (Some(b'`'), _) | (_, Some(b'(' | b'{')) => {
                self.at = skip::substitution(self.text.as_bytes(), piece, quoted, inner);
                word.literal = false;
            }
            (_, Some(next)) if next.is_ascii_alphabetic() || next == b'_' => {
                self.at += 1;
                while self.peek(0).is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_') {
                    self.at += 1;
                }
                word.literal = false;
            }
            (_, Some(next)) if next.is_ascii_digit() || b"@*#?$!-".contains(&next) => {
                self.at += 2;
                word.literal = false;
            }
            _ => self.at += 1,
        }
        self.copy(word, piece);
    }
}

/// Whether a byte outside of quotes ends the word in front of it.
pub(super) fn ends_word(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c) || b";&|()<>".contains(&byte)
}

/// Whether a byte inside a word stands for itself.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_./:,@%+~^[]{}*?!#".contains(&byte) || !byte.is_ascii()
}

/// Whether a text is the name of a shell variable, `+` of `+=` allowed.
fn is_name(text: Option<&str>) -> bool {
    let text = text.map_or("", |text| text.strip_suffix('+').unwrap_or(text));
    text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
