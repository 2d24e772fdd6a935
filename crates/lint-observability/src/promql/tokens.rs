//! The words and signs of an expression.

use std::ops::Range;

use super::Stop;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Duration,
    Name,
    Text,
    Sign,
}

/// A token with its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Tokens of one expression; a longer one is not judged.
const TOKENS_MAX: usize = 8_000;
/// Brackets within each other.
const DEPTH_MAX: usize = 100;
/// Digits of a number of seconds that stands for a duration.
const SECONDS_DIGITS: usize = 11;

impl Token {
    pub(super) fn range(self) -> Range<usize> {
        self.start..self.end
    }

    pub(super) fn text(self, all: &str) -> &str {
        all.get(self.range()).unwrap_or_default()
    }

    pub(super) fn is_sign(self, all: &str, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text(all) == sign
    }

    pub(super) fn is_word(self, all: &str, word: &str) -> bool {
        self.kind == Kind::Name && self.text(all).eq_ignore_ascii_case(word)
    }

    /// Whether it makes the tree of the expression deeper without a bracket.
    pub(super) fn is_operator(self, all: &str) -> bool {
        match self.kind {
            Kind::Sign => matches!(
                self.text(all),
                "+" | "-" | "*" | "/" | "%" | "^" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "["
            ),
            Kind::Name => {
                ["and", "or", "unless", "atan2"].iter().any(|word| self.is_word(all, word))
            }
            Kind::Number | Kind::Duration | Kind::Text => false,
        }
    }
}

/// Reads the tokens up to what is none; comments and blanks are left out. If nothing is wrong, brackets
/// are closed in turn.
pub(super) fn read(text: &str) -> (Vec<Token>, Option<Stop>) {
    let mut reader =
        Reader { text, bytes: text.as_bytes(), at: 0, open: Vec::new(), braces: false };
    let mut tokens = Vec::new();
    loop {
        match reader.next() {
            Ok(Some(token)) => tokens.push(token),
            Ok(None) => break,
            Err(stop) => return (tokens, Some(stop)),
        }
        if tokens.len() > TOKENS_MAX || reader.open.len() > DEPTH_MAX {
            return (tokens, Some(Stop::Unjudged));
        }
    }
    let unclosed = reader
        .open
        .last()
        .map(|&(sign, at)| Stop::at(at..at + 1, format!("`{}` is never closed", char::from(sign))));
    (tokens, unclosed)
}

/// A number where a duration is expected that is none of seconds: Prometheus refuses it as out of
/// range, and the library would fail on it.
pub(super) fn unsafe_duration(text: &str, tokens: &[Token]) -> Option<Stop> {
    let mut open = false;
    for (index, token) in tokens.iter().enumerate() {
        match token.text(text) {
            "[" => open = true,
            "]" => open = false,
            _ => {}
        }
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        let signed = before.filter(|before| matches!(before.text(text), "+" | "-"));
        let word = match signed {
            Some(_) => index.checked_sub(2).and_then(|before| tokens.get(before)),
            None => before,
        };
        let is_duration = open || word.is_some_and(|word| word.is_word(text, "offset"));
        let written = token.text(text);
        let is_number = token.kind == Kind::Number || is_special(*token, text);
        let is_plain = written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && written.len() <= SECONDS_DIGITS;
        if is_duration && is_number && !is_plain {
            return Some(Stop::at(token.range(), format!("`{written}` is no duration")));
        }
    }
    None
}

/// `Inf` and `NaN`.
pub(super) fn is_special(token: Token, text: &str) -> bool {
    token.is_word(text, "inf") || token.is_word(text, "nan")
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Brackets that are open, with their places.
    open: Vec<(u8, usize)>,
    /// Whether there was a brace: then a `|` is that of LogQL.
    braces: bool,
}

impl Reader<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn inside(&self, sign: u8) -> bool {
        self.open.last().is_some_and(|(open, _)| *open == sign)
    }

    fn token(&mut self, kind: Kind, end: usize) -> Token {
        let token = Token { kind, start: self.at, end };
        self.at = end;
        token
    }

    /// The offset of the first byte from `at` on that is not so.
    fn run(&self, at: usize, is: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        at + rest.iter().position(|byte| !is(*byte)).unwrap_or(rest.len())
    }

    fn next(&mut self) -> Result<Option<Token>, Stop> {
        loop {
            self.at = self.run(self.at, |byte| byte.is_ascii_whitespace());
            if self.byte(self.at) != Some(b'#') {
                break;
            }
            self.at = self.run(self.at, |byte| !matches!(byte, b'\n' | b'\r'));
        }
        let Some(byte) = self.byte(self.at) else { return Ok(None) };
        let is_digit = |at: usize| self.byte(at).is_some_and(|byte| byte.is_ascii_digit());
        let token = match byte {
            b'"' | b'\'' | b'`' => self.string(byte)?,
            b'0'..=b'9' => self.number()?,
            b'.' if is_digit(self.at + 1) => self.number()?,
            b':' if !self.inside(b'[') && !self.inside(b'{') => self.name(),
            _ if byte.is_ascii_alphabetic() || byte == b'_' => self.name(),
            _ => self.sign(byte)?,
        };
        Ok(Some(token))
    }

    fn name(&mut self) -> Token {
        let colons = !self.inside(b'[') && !self.inside(b'{');
        let end = self.run(self.at, |byte| {
            byte.is_ascii_alphanumeric() || byte == b'_' || (colons && byte == b':')
        });
        self.token(Kind::Name, end)
    }

    fn string(&mut self, quote: u8) -> Result<Token, Stop> {
        let mut at = self.at + 1;
        loop {
            match self.byte(at) {
                Some(byte) if byte == quote => return Ok(self.token(Kind::Text, at + 1)),
                Some(b'\\') if quote != b'`' => at += 1,
                Some(b'\n') if quote != b'`' => break,
                Some(_) => {}
                None => break,
            }
            at += 1;
        }
        // Through a backslash `at` may be beyond the end.
        let end = self.run(self.at, |byte| !matches!(byte, b'\n' | b'\r'));
        Err(Stop::at(self.at..end, "a string is never closed"))
    }

    fn number(&mut self) -> Result<Token, Stop> {
        let start = self.at;
        let hex = matches!(self.bytes.get(start..), Some([b'0', b'x' | b'X', ..]));
        let digits = |reader: &Self, at: usize| {
            reader.run(at, |byte| {
                byte == b'_' || if hex { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() }
            })
        };
        let mut end = digits(self, if hex { start + 2 } else { start });
        if self.byte(end) == Some(b'.') {
            end = digits(self, end + 1);
        }
        if !hex && matches!(self.byte(end), Some(b'e' | b'E')) {
            let signed = matches!(self.byte(end + 1), Some(b'+' | b'-'));
            let exponent = if signed { end + 2 } else { end + 1 };
            let after = self.run(exponent, |byte| byte.is_ascii_digit());
            if after > exponent {
                end = after;
            }
        }
        let goes_on = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
        let whole = self.run(end, goes_on);
        if whole == end {
            return Ok(self.token(Kind::Number, end));
        }
        let word = self.text.get(start..whole).unwrap_or_default();
        if is_duration(word) {
            return Ok(self.token(Kind::Duration, whole));
        }
        let message = format!("`{}` is neither a number nor a duration", cut(word));
        Err(Stop::at(start..whole, message))
    }

    fn sign(&mut self, byte: u8) -> Result<Token, Stop> {
        let pair = self.bytes.get(self.at..self.at + 2).unwrap_or_default();
        let in_braces = self.inside(b'{');
        let len = match (byte, pair) {
            (_, b"!=" | b"=~" | b"!~") => 2,
            (_, b"==" | b"<=" | b">=") if !in_braces => 2,
            (b'=' | b',', _) => 1,
            (b'+' | b'-' | b'*' | b'/' | b'%' | b'^' | b'<' | b'>' | b'@', _) if !in_braces => 1,
            (b'(' | b'[' | b'{', _) if !in_braces => {
                self.open.push((byte, self.at));
                self.braces |= byte == b'{';
                1
            }
            (b')' | b']' | b'}', _) => return self.close(byte),
            (b':', _) if self.inside(b'[') => 1,
            (b'|', _) if self.braces => return Err(Stop::Unjudged),
            _ => return Err(self.unexpected()),
        };
        Ok(self.token(Kind::Sign, self.at + len))
    }

    fn close(&mut self, byte: u8) -> Result<Token, Stop> {
        let wanted = match byte {
            b')' => b'(',
            b']' => b'[',
            _ => b'{',
        };
        if self.inside(wanted) {
            self.open.pop();
            return Ok(self.token(Kind::Sign, self.at + 1));
        }
        let message = match self.open.last() {
            Some((open, _)) => {
                format!("`{}` stands before `{}` is closed", char::from(byte), char::from(*open))
            }
            None => format!("`{}` closes nothing", char::from(byte)),
        };
        Err(Stop::at(self.at..self.at + 1, message))
    }

    fn unexpected(&self) -> Stop {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let len = rest.chars().next().map_or(1, char::len_utf8);
        let shown = rest.get(..len).unwrap_or_default().escape_debug();
        Stop::at(self.at..self.at + len, format!("unexpected `{shown}`"))
    }
}

/// Whether a word is numbers with units, such as `1h30m`. Their order is the library's to judge.
fn is_duration(word: &str) -> bool {
    let mut rest = word;
    while !rest.is_empty() {
        let units = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if units.len() == rest.len() {
            return false;
        }
        let found = ["ms", "s", "m", "h", "d", "w", "y"].iter().find_map(|u| units.strip_prefix(u));
        let Some(after) = found else { return false };
        rest = after;
    }
    true
}

/// The start of a word, short enough for a message.
pub(super) fn cut(word: &str) -> &str {
    word.get(..word.floor_char_boundary(60)).unwrap_or(word)
}
