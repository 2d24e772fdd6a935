//! What stands between BEGIN and END: headers, base64, and the shapes people give them.

use std::ops::Range;

use memchr::memmem;

/// How the lines of a block are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Lines, as RFC 7468 wants them.
    Lines,
    /// All on one line, with spaces for line breaks or nothing at all.
    OneLine,
    /// With a backslash and an `n` for every line break.
    Escaped,
    /// A string literal a line, as in source code.
    Quoted,
    /// No text at all: DER or a key store.
    Binary,
}

/// A body with everything that is not its text taken off.
pub(crate) struct Body {
    pub(crate) form: Form,
    /// The text with real line breaks.
    text: Vec<u8>,
    /// Where each byte of the text stands.
    at: Vec<usize>,
}

/// Base64 that was read.
pub(crate) struct Decoded {
    pub(crate) bytes: Vec<u8>,
    pub(crate) padding: Padding,
    /// One past the last character that was used.
    pub(crate) end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Padding {
    Sound,
    /// Missing or of the wrong length.
    Wrong,
    /// One character is left over: characters are missing.
    Cut,
}

/// Why a body is not base64.
pub(crate) enum Bad {
    /// Not meant to be: a placeholder, a template, an example cut short with dots.
    Placeholder,
    /// The character at this offset does not belong.
    Character(usize),
}

/// Fewer characters than any certificate or key has.
const LEAST: usize = 40;

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

impl Body {
    /// Reads a body out of `bytes`; `begin` is where its BEGIN marker starts.
    pub(crate) fn read(bytes: &[u8], begin: usize, range: Range<usize>) -> Self {
        let raw = bytes.get(range.clone()).unwrap_or_default();
        let form = form(raw);
        let prefix = comment_prefix(bytes, begin);
        let mut body =
            Self { form, text: Vec::with_capacity(raw.len()), at: Vec::with_capacity(raw.len()) };
        let mut start = range.start;
        for (index, line) in raw.split_inclusive(|&byte| byte == b'\n').enumerate() {
            let skipped = match (prefix, form) {
                (Some(prefix), _) if index > 0 => after_prefix(line, prefix),
                _ => 0,
            };
            body.push_line(line, start, skipped, index);
            start += line.len();
        }
        body
    }

    fn push_line(&mut self, line: &[u8], start: usize, skipped: usize, index: usize) {
        let mut within = skipped..line.len();
        if self.form == Form::Quoted {
            let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'' | b'`');
            let first = line.iter().position(is_quote);
            let last = line.iter().rposition(is_quote);
            within = match (first, last) {
                // The first line only closes the literal that held the BEGIN marker.
                _ if index == 0 => 0..0,
                (Some(first), Some(last)) if first < last => first + 1..last,
                (Some(first), _) => first + 1..line.len(),
                _ => skipped..line.len(),
            };
        }
        let mut bytes = line.iter().copied().enumerate().skip(within.start).peekable();
        while let Some((offset, byte)) = bytes.next().filter(|(offset, _)| *offset < within.end) {
            if byte == b'\\' && matches!(self.form, Form::Escaped | Form::Quoted) {
                while bytes.next_if(|(_, byte)| *byte == b'\\').is_some() {}
                let escape = bytes.next_if(|(_, byte)| matches!(byte, b'n' | b'r' | b't'));
                if escape.is_some() {
                    self.push(b'\n', start + offset);
                    continue;
                }
            }
            self.push(byte, start + offset);
        }
        if self.form == Form::Quoted {
            self.push(b'\n', start + line.len());
        }
    }

    fn push(&mut self, byte: u8, at: usize) {
        self.text.push(byte);
        self.at.push(at);
    }

    fn place(&self, index: usize) -> usize {
        self.at.get(index).or(self.at.last()).copied().unwrap_or_default()
    }

    /// Where the headers (RFC 1421 §4.6) end, and whether they say that the body is encrypted.
    pub(crate) fn headers(&self) -> (usize, bool) {
        let (mut offset, mut encrypted, mut any) = (0, false, false);
        for line in self.text.split_inclusive(|&byte| byte == b'\n') {
            let trimmed = line.trim_ascii();
            if trimmed.contains(&b':') {
                any = true;
                encrypted |= trimmed.starts_with(b"Proc-Type") && trimmed.ends_with(b"ENCRYPTED");
                encrypted |= trimmed.starts_with(b"DEK-Info");
            } else if !trimmed.is_empty() {
                break;
            }
            offset += line.len();
            // A blank line ends the headers; before the first header it is only a blank line.
            if any && trimmed.is_empty() {
                break;
            }
        }
        (offset, encrypted)
    }

    /// Decodes the base64 from `start` on. White space is passed over.
    pub(crate) fn decode(&self, start: usize) -> Result<Decoded, Bad> {
        let text = self.text.get(start..).unwrap_or_default();
        let good = text.iter().filter(|&&byte| is_base64(byte)).count();
        let mut padding = 0;
        for (index, &byte) in text.iter().enumerate() {
            if byte.is_ascii_whitespace() {
                continue;
            }
            if byte == b'=' {
                padding += 1;
            } else if !is_base64(byte) || padding > 0 {
                let meant = self.form != Form::Quoted && is_meant(text);
                return Err(if meant {
                    Bad::Character(self.place(start + index))
                } else {
                    Bad::Placeholder
                });
            }
        }
        if good < LEAST || is_made_up(text) {
            return Err(Bad::Placeholder);
        }
        Ok(decode(text, self.place(self.text.len()).saturating_add(1), padding))
    }

    /// Decodes the lines from `start` on that are base64 and nothing else, for a block without END.
    pub(crate) fn decode_lines(&self, start: usize) -> Option<Decoded> {
        let text = self.text.get(start..).unwrap_or_default();
        let (mut used, mut offset, mut padding) = (0, 0, 0);
        for line in text.split_inclusive(|&byte| byte == b'\n') {
            let trimmed = line.trim_ascii();
            let padded = trimmed.iter().rev().take_while(|&&byte| byte == b'=').count();
            let characters = trimmed.get(..trimmed.len() - padded).unwrap_or_default();
            if padding > 0 || !characters.iter().copied().all(is_base64) {
                break;
            }
            padding = padded;
            if !trimmed.is_empty() {
                used = offset + line.trim_ascii_end().len();
            }
            offset += line.len();
        }
        let text = text.get(..used)?;
        let good = text.iter().filter(|&&byte| is_base64(byte)).count();
        let end = self.place((start + used).saturating_sub(1)).saturating_add(1);
        (good >= LEAST).then(|| decode(text, end, padding))
    }
}

/// Decodes characters that are known to be base64, leniently about padding and trailing bits.
fn decode(text: &[u8], end: usize, padding: usize) -> Decoded {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut buffer, mut held, mut count) = (0_u32, 0, 0_usize);
    for &byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        count += 1;
        buffer = (buffer << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((buffer >> held).to_le_bytes()[0]);
        }
    }
    let padding = match (count % 4, padding) {
        (1, _) => Padding::Cut,
        (0, 0) | (2, 2) | (3, 1) => Padding::Sound,
        _ => Padding::Wrong,
    };
    Decoded { bytes, padding, end }
}

/// Whether text with a bad character in it was meant to be base64: it has a long run of good
/// characters, as neither prose nor a program has, and no sign of a template or of an ellipsis.
fn is_meant(text: &[u8]) -> bool {
    let template =
        text.iter().any(|byte| matches!(byte, b'<' | b'>' | b'{' | b'$' | b'*' | b'[' | b'%'));
    let ellipsis = ["...", "…"].iter().any(|dots| memmem::find(text, dots.as_bytes()).is_some());
    let mut runs = text.split(|&byte| !is_base64(byte));
    !template && !ellipsis && runs.any(|run| run.len() >= LEAST)
}

/// Whether the characters are somebody's stand-in for data, which chance would not bring about.
fn is_made_up(text: &[u8]) -> bool {
    let runs: [&[u8]; 3] = [b"ABCDEFGHIJKLMNOP", b"XXXXXXXX", b"xxxxxxxx"];
    runs.iter().any(|run| memmem::find(text, run).is_some())
}

/// Tells the form by what follows the BEGIN marker.
fn form(raw: &[u8]) -> Form {
    let mut rest = raw;
    let mut escaped = false;
    while let [b'\\', after @ ..] = rest {
        escaped = true;
        rest = match after {
            [b'n' | b'r' | b't', after @ ..] => after,
            _ => after,
        };
    }
    match rest.iter().find(|byte| !matches!(byte, b' ' | b'\t')) {
        Some(b'"' | b'\'' | b'`') => Form::Quoted,
        _ if escaped => Form::Escaped,
        _ if raw.contains(&b'\n') => Form::Lines,
        _ => Form::OneLine,
    }
}

/// What stands before the BEGIN marker on its line, where that is a sign of a comment or a quote.
fn comment_prefix(bytes: &[u8], begin: usize) -> Option<&[u8]> {
    const LONGEST: usize = 200;
    let before = bytes.get(begin.saturating_sub(LONGEST)..begin)?;
    let line = memchr::memrchr(b'\n', before)
        .map_or(before, |at| before.get(at + 1..).unwrap_or_default());
    let sign = line.trim_ascii();
    matches!(sign, b"#" | b"//" | b"*" | b">" | b";" | b"--" | b"|" | b"##" | b"///")
        .then_some(sign)
}

fn after_prefix(line: &[u8], prefix: &[u8]) -> usize {
    let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let follows = line.get(indent..).is_some_and(|rest| rest.starts_with(prefix));
    if follows { indent + prefix.len() } else { 0 }
}
