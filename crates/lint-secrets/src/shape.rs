//! What a provider's token looks like: data, and the one matcher that reads it.

use careen_rule::{Confidence, Severity};

use crate::charset::{ALNUM, Set, WORD};
use crate::filler;

/// How far after a keyword a token may start, in bytes.
const REACH: usize = 80;

/// What stands where in a token.
#[derive(Debug)]
pub(crate) enum Part {
    /// The very text.
    Is(&'static str),
    /// Between so many and so many bytes of a set.
    Of(&'static Set, usize, usize),
}

/// What leads to a candidate.
#[derive(Debug)]
pub(crate) enum Anchor {
    /// The token starts with this text.
    Prefix(&'static str),
    /// The token holds this text, after between so many and so many bytes of a set.
    Infix(&'static str, &'static Set, usize, usize),
    /// The token has nothing of its own: one of these lower-case words stands before it on its
    /// line, as part of the name it is given.
    Keyword(&'static [&'static str]),
}

/// What a judge says of a well-formed token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Its checksum or structure fits: nobody makes that up.
    Proven,
    /// Nothing more can be said than that its form fits.
    Plain,
    /// Well-formed, but its checksum does not fit.
    Unfit,
    /// Not a secret.
    No,
}

/// One form of one kind of credential.
#[derive(Debug)]
pub(crate) struct Shape {
    /// What a person calls it: `GitHub personal access token`.
    pub(crate) kind: &'static str,
    /// How it is found.
    pub(crate) anchor: Anchor,
    /// What follows the anchor's text, or, after a keyword, the token itself.
    pub(crate) parts: &'static [Part],
    /// Looks closer at a token whose form fits.
    pub(crate) judge: fn(&str) -> Verdict,
    /// How sure the form alone makes us.
    pub(crate) confidence: Confidence,
    /// Where it differs from the rule's.
    pub(crate) severity: Option<Severity>,
}

fn plain(_: &str) -> Verdict {
    Verdict::Plain
}

impl Shape {
    const fn new(kind: &'static str, anchor: Anchor, parts: &'static [Part]) -> Self {
        Self { kind, anchor, parts, judge: plain, confidence: Confidence::High, severity: None }
    }

    /// A token that starts with `prefix`.
    pub(crate) const fn prefix(
        kind: &'static str,
        prefix: &'static str,
        parts: &'static [Part],
    ) -> Self {
        Self::new(kind, Anchor::Prefix(prefix), parts)
    }

    /// A token that holds `text` after `least..=most` bytes of `set`.
    pub(crate) const fn infix(
        kind: &'static str,
        (set, least, most): (&'static Set, usize, usize),
        text: &'static str,
        parts: &'static [Part],
    ) -> Self {
        Self::new(kind, Anchor::Infix(text, set, least, most), parts)
    }

    /// A token without a mark of its own, known by a keyword before it.
    pub(crate) const fn near(
        kind: &'static str,
        keywords: &'static [&'static str],
        parts: &'static [Part],
    ) -> Self {
        let mut shape = Self::new(kind, Anchor::Keyword(keywords), parts);
        shape.confidence = Confidence::Medium;
        shape
    }

    /// The same shape with a judge.
    pub(crate) const fn judged(mut self, judge: fn(&str) -> Verdict) -> Self {
        self.judge = judge;
        self
    }

    /// The same shape with another confidence.
    pub(crate) const fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// The same shape with a severity of its own.
    pub(crate) const fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Leading bytes that every token of this shape shares, and that may therefore be shown.
    pub(crate) fn public(&self) -> usize {
        match self.anchor {
            Anchor::Prefix(prefix) => prefix.len(),
            Anchor::Infix(..) | Anchor::Keyword(_) => 0,
        }
    }

    /// The token around the anchor's text at `at`, if its form fits, with the judge's verdict.
    pub(crate) fn find(&self, text: &str, at: usize, anchor: usize) -> Option<(Match, Verdict)> {
        let found = match self.anchor {
            Anchor::Prefix(_) => self.read(text.as_bytes(), at, at + anchor),
            Anchor::Infix(_, set, least, most) => {
                let before = set.run_back(text.as_bytes().get(..at)?, most + 1);
                if before < least || before > most {
                    return None;
                }
                self.read(text.as_bytes(), at - before, at + anchor)
            }
            Anchor::Keyword(_) => self.read_near(text.as_bytes(), at + anchor),
        }?;
        let token = text.get(found.start..found.end)?;
        let body = token.get(self.public()..).unwrap_or(token);
        match (self.judge)(token) {
            Verdict::No => None,
            Verdict::Proven => Some((found, Verdict::Proven)),
            _ if filler::is_filler(body) => None,
            verdict => Some((found, verdict)),
        }
    }

    /// Reads the parts from `from` on and checks both borders of the token that began at `start`.
    fn read(&self, bytes: &[u8], start: usize, from: usize) -> Option<Match> {
        if !starts_fresh(bytes, start) {
            return None;
        }
        let mut at = from;
        let mut last = &ALNUM;
        for part in self.parts {
            let rest = bytes.get(at..)?;
            match part {
                Part::Is(text) if rest.starts_with(text.as_bytes()) => at += text.len(),
                Part::Is(_) => return None,
                Part::Of(set, least, most) => {
                    let length = set.run(rest, *most);
                    if length < *least {
                        return None;
                    }
                    at += length;
                    last = set;
                }
            }
        }
        let ends = bytes.get(at).is_none_or(|&next| !last.has(next) && !ALNUM.has(next));
        ends.then_some(Match { start, end: at })
    }

    /// The first run on the rest of the line that fits, if an operator stands before it.
    fn read_near(&self, bytes: &[u8], from: usize) -> Option<Match> {
        let rest = bytes.get(from..)?;
        let mut assigned = false;
        for (offset, &byte) in rest.iter().enumerate().take(REACH) {
            match byte {
                b'\n' | b'\r' => return None,
                b'=' | b':' | b'(' | b',' => assigned = true,
                _ => {}
            }
            let at = from + offset;
            if assigned
                && WORD.has(byte)
                && starts_fresh(bytes, at)
                // A part of a path is the hash of a commit.
                && at.checked_sub(1).and_then(|index| bytes.get(index)) != Some(&b'/')
                && let Some(found) = self.read(bytes, at, at)
            {
                return Some(found);
            }
        }
        None
    }
}

/// Where a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    /// First byte.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
}

/// Whether a token may start at `at`: nothing that belongs to a longer word stands before it. The
/// letter of an escape such as `\n` and the digits of a percent escape are no word.
pub(crate) fn starts_fresh(bytes: &[u8], at: usize) -> bool {
    let before =
        |distance: usize| at.checked_sub(distance).and_then(|index| bytes.get(index)).copied();
    match before(1) {
        Some(byte) if WORD.has(byte) => {
            let escape = matches!(byte, b'n' | b'r' | b't') && before(2) == Some(b'\\');
            escape || (byte.is_ascii_hexdigit() && before(3) == Some(b'%'))
        }
        _ => true,
    }
}
