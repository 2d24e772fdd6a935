//! What a provider's token looks like: data, and the one matcher that reads it.

use careen_rule::{Confidence, Severity};

use crate::charset::{ALNUM, Set, WORD};
use crate::filler;

/// How far after a keyword a token may start, in bytes.
pub(crate) const REACH: usize = 80;
/// Steps that one token may cost: parts of open length that share characters make the matcher try.
const STEPS: u32 = 4_096;

/// What stands where in a token.
#[derive(Debug)]
pub(crate) enum Part {
    /// The very text.
    Is(&'static str),
    /// Between so many and so many bytes of a set.
    Of(&'static Set, u16, u16),
}

/// What leads to a candidate.
#[derive(Debug)]
pub(crate) enum Anchor {
    /// The part with this number is a literal that hardly stands anywhere else.
    Literal(usize),
    /// The token has nothing of its own: one of these lower-case words stands before it on its
    /// line, as part of the name it is given.
    Near(&'static [&'static str]),
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
    /// The whole token.
    pub(crate) parts: &'static [Part],
    /// Looks closer at a token whose form fits.
    pub(crate) judge: fn(&str) -> Verdict,
    /// How sure the form alone makes us.
    pub(crate) confidence: Confidence,
    /// Where it differs from the rule's.
    pub(crate) severity: Option<Severity>,
}

impl Shape {
    /// The literal that leads to it, unless words before it do.
    pub(crate) fn literal(&self) -> Option<&'static str> {
        match self.anchor {
            Anchor::Literal(index) => match self.parts.get(index)? {
                Part::Is(text) => Some(text),
                Part::Of(..) => None,
            },
            Anchor::Near(_) => None,
        }
    }

    /// Whether it is looked for near a name although it has a mark of its own: one that several
    /// providers share.
    pub(crate) fn is_marked_and_named(&self) -> bool {
        let marked = |part: &Part| matches!(part, Part::Is(text) if text.len() >= 3);
        matches!(self.anchor, Anchor::Near(_)) && self.parts.iter().any(marked)
    }

    /// Whether nothing but a name nearby tells what it is.
    pub(crate) fn is_bare(&self) -> bool {
        matches!(self.anchor, Anchor::Near(_)) && !self.is_marked_and_named()
    }

    /// The fewest bytes that a token of this form has.
    pub(crate) fn least(&self) -> usize {
        let parts = self.parts.iter().map(|part| match part {
            Part::Is(text) => text.len(),
            Part::Of(_, least, _) => usize::from(*least),
        });
        parts.sum()
    }

    /// Leading bytes that every token of this shape shares, and that may therefore be shown.
    pub(crate) fn public(&self) -> usize {
        match self.parts.first() {
            Some(Part::Is(prefix)) => prefix.len(),
            _ => 0,
        }
    }

    /// The token around the anchor's text at `at`, if its form fits, with the judge's verdict.
    pub(crate) fn find(&self, text: &str, at: usize, anchor: usize) -> Option<(Match, Verdict)> {
        let bytes = text.as_bytes();
        match self.anchor {
            Anchor::Literal(index) => {
                let mut steps = STEPS;
                let before = self.parts.get(..index)?;
                let start = start_of(before, bytes, at, &mut steps)?;
                let found = self.read(bytes, start)?;
                self.judged(text, found)
            }
            Anchor::Near(_) => self.find_near(text, at + anchor),
        }
    }

    fn judged(&self, text: &str, found: Match) -> Option<(Match, Verdict)> {
        let token = text.get(found.start..found.end)?;
        let body = token.get(self.public()..).unwrap_or(token);
        match (self.judge)(token) {
            Verdict::No => None,
            Verdict::Proven => Some((found, Verdict::Proven)),
            _ if filler::is_filler(body) => None,
            verdict => Some((found, verdict)),
        }
    }

    /// Reads the token that starts at `start` and checks both of its borders.
    fn read(&self, bytes: &[u8], start: usize) -> Option<Match> {
        if !starts_fresh(bytes, start) {
            return None;
        }
        let end = end_of(self.parts, bytes, start, &ALNUM, &mut { STEPS })?;
        Some(Match { start, end })
    }

    /// The first run on the rest of the line that fits, if an operator stands before it.
    fn find_near(&self, text: &str, from: usize) -> Option<(Match, Verdict)> {
        let bytes = text.as_bytes();
        let first = self.parts.first()?;
        let mut assigned = false;
        for (offset, &byte) in bytes.get(from..)?.iter().enumerate().take(REACH) {
            match byte {
                b'\n' | b'\r' => return None,
                byte if assigns(byte) => assigned = true,
                _ => {}
            }
            let at = from + offset;
            if assigned
                && first.may_start_with(byte)
                && !first.goes_on(at.checked_sub(1).and_then(|index| bytes.get(index)).copied())
                && let Some(found) = self.read(bytes, at)
            {
                return self.judged(text, found);
            }
        }
        None
    }
}

impl Part {
    fn may_start_with(&self, byte: u8) -> bool {
        match self {
            Self::Is(text) => text.as_bytes().first() == Some(&byte),
            // A sign before the first letter belongs to the text around the token.
            Self::Of(set, ..) => WORD.has(byte) && set.has(byte),
        }
    }

    /// Whether what stands before a token belongs to it: a part of a path, what stands behind a
    /// repository, or more of the same characters, unless they assign.
    fn goes_on(&self, before: Option<u8>) -> bool {
        before.is_some_and(|before| match self {
            _ if b"/@#".contains(&before) => true,
            Self::Is(_) => false,
            Self::Of(set, ..) => set.has(before) && !b"=:(,".contains(&before),
        })
    }
}

/// Whether a byte may stand between a name and what it is given.
pub(crate) fn assigns(byte: u8) -> bool {
    matches!(byte, b'=' | b':' | b'(' | b',')
}

/// Where the parts end that start at `at`, the longest way that leaves a border behind them.
/// `last` is the set that the byte before `at` was read with.
fn end_of(parts: &[Part], bytes: &[u8], at: usize, last: &Set, steps: &mut u32) -> Option<usize> {
    *steps = steps.checked_sub(1)?;
    let rest = bytes.get(at..)?;
    match parts.split_first() {
        None => {
            let ends = rest.first().is_none_or(|&next| !last.has(next) && !ALNUM.has(next));
            ends.then_some(at)
        }
        Some((Part::Is(text), more)) => {
            rest.starts_with(text.as_bytes()).then_some(())?;
            end_of(more, bytes, at + text.len(), &ALNUM, steps)
        }
        Some((Part::Of(set, least, most), more)) => {
            let run = set.run(rest, usize::from(*most));
            let lengths = (usize::from(*least)..=run).rev();
            if more.is_empty() {
                // A shorter one has no border behind it.
                let last = if run == 0 { last } else { set };
                return (run >= usize::from(*least))
                    .then(|| end_of(more, bytes, at + run, last, steps))?;
            }
            lengths.into_iter().find_map(|length| {
                let last = if length == 0 { last } else { *set };
                end_of(more, bytes, at + length, last, steps)
            })
        }
    }
}

/// Where the parts start that end at `at`, the longest way that leaves a border before them.
fn start_of(parts: &[Part], bytes: &[u8], at: usize, steps: &mut u32) -> Option<usize> {
    *steps = steps.checked_sub(1)?;
    let before = bytes.get(..at)?;
    match parts.split_last() {
        None => Some(at),
        Some((Part::Is(text), more)) => {
            before.ends_with(text.as_bytes()).then_some(())?;
            start_of(more, bytes, at - text.len(), steps)
        }
        Some((Part::Of(set, least, most), more)) => {
            let run = set.run_back(before, usize::from(*most) + usize::from(more.is_empty()));
            if more.is_empty() {
                let fits = (usize::from(*least)..=usize::from(*most)).contains(&run);
                return fits.then_some(at - run);
            }
            (usize::from(*least)..=run)
                .rev()
                .find_map(|length| start_of(more, bytes, at - length, steps))
        }
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
