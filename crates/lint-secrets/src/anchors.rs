//! One vectorised pass that finds every place worth a look.
//!
//! Each literal that can lead to a secret (a token's prefix, the stem of a secret-like name, the
//! head of a private key, `://`) is represented by its rarest window of three or four bytes. The
//! windows are searched in groups small enough for the packed searcher; whatever it finds is
//! compared with the whole literal before anybody else hears of it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind, packed};

use careen_rule::Rule;

use crate::catalogue;
use crate::check::{Check, Reader};
use crate::shape::{Anchor, Shape};

/// What the packed searcher takes at most.
const GROUP: usize = 64;

/// Who wants to know about an anchor.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Owner {
    /// A shape of a rule.
    Shape(&'static Rule<Check>, &'static Shape),
    /// A reader of everything that is no token.
    Reader(Reader),
}

#[derive(Debug)]
struct Entry {
    literal: &'static str,
    /// Where the window stands in the literal.
    offset: usize,
    fold: bool,
    owner: Owner,
}

#[derive(Debug)]
enum Searcher {
    Packed(packed::Searcher),
    /// Where the processor has no vectors.
    Automaton(AhoCorasick),
}

#[derive(Debug)]
struct Group {
    searcher: Searcher,
    /// Entries by number of their window.
    entries: Vec<Vec<Entry>>,
}

/// All anchors, ready to search.
#[derive(Debug)]
pub(crate) struct Anchors {
    groups: Vec<Group>,
}

impl Anchors {
    /// The anchors of all rules that careen brings, built at the first call.
    pub(crate) fn get() -> &'static Self {
        static ANCHORS: OnceLock<Anchors> = OnceLock::new();
        ANCHORS.get_or_init(|| Self::of(catalogue::own()))
    }

    /// The anchors of these rules, and of all readers.
    pub(crate) fn of(rules: impl Iterator<Item = &'static Rule<Check>>) -> Self {
        let mut windows: BTreeMap<Vec<u8>, Vec<Entry>> = BTreeMap::new();
        let mut add = |literal: &'static str, fold: bool, owner: Owner| {
            let offset = rarest_window(literal.as_bytes(), usize::from(fold));
            let window = literal.as_bytes().iter().skip(offset).take(4).copied();
            let window: Vec<u8> = window.collect();
            let entry = || Entry { literal, offset, fold, owner };
            if fold {
                let upper = window.to_ascii_uppercase();
                if upper != window {
                    windows.entry(upper).or_default().push(entry());
                }
            }
            windows.entry(window).or_default().push(entry());
        };
        for rule in rules {
            let Check::Token(shapes) = &rule.check else { continue };
            for shape in *shapes {
                let owner = Owner::Shape(rule, shape);
                match shape.anchor {
                    Anchor::Literal(_) => {
                        shape.literal().into_iter().for_each(|text| add(text, false, owner));
                    }
                    Anchor::Near(words) => words.iter().for_each(|word| add(word, true, owner)),
                }
            }
        }
        for (literals, reader) in Reader::ANCHORS {
            for literal in *literals {
                add(literal, false, Owner::Reader(*reader));
            }
        }
        // A shorter window would slow its whole group down: those stand in groups of their own.
        let (long, short): (Vec<_>, Vec<_>) =
            windows.into_iter().partition(|(window, _)| window.len() >= 4);
        let mut groups = Vec::new();
        for mut windows in [long, short] {
            while !windows.is_empty() {
                let rest = windows.split_off(windows.len().min(GROUP));
                groups.extend(Group::build(windows));
                windows = rest;
            }
        }
        Self { groups }
    }

    /// Calls `visit` with every anchor of `text`: who wants it, where its literal starts and how
    /// long that is. Anchors come in order within a group only.
    pub(crate) fn each(&self, text: &str, mut visit: impl FnMut(Owner, usize, usize)) {
        let bytes = text.as_bytes();
        for group in &self.groups {
            let mut from = 0;
            while let Some((window, at)) = group.find(bytes, from) {
                from = at + 1;
                for entry in group.entries.get(window).into_iter().flatten() {
                    let Some(start) = at.checked_sub(entry.offset) else { continue };
                    let length = entry.literal.len();
                    let Some(found) = bytes.get(start..start + length) else { continue };
                    let literal = entry.literal.as_bytes();
                    if found == literal || (entry.fold && found.eq_ignore_ascii_case(literal)) {
                        visit(entry.owner, start, length);
                    }
                }
            }
        }
    }
}

impl Group {
    fn build(windows: Vec<(Vec<u8>, Vec<Entry>)>) -> Option<Self> {
        let (patterns, entries): (Vec<Vec<u8>>, Vec<Vec<Entry>>) = windows.into_iter().unzip();
        let searcher = match packed::Config::new().builder().extend(&patterns).build() {
            Some(packed) => Searcher::Packed(packed),
            None => Searcher::Automaton(
                AhoCorasick::builder()
                    .kind(Some(AhoCorasickKind::DFA))
                    .match_kind(MatchKind::LeftmostFirst)
                    .build(&patterns)
                    .ok()?,
            ),
        };
        Some(Self { searcher, entries })
    }

    /// The first window at or after `from`: its number and where it starts.
    fn find(&self, bytes: &[u8], from: usize) -> Option<(usize, usize)> {
        if from >= bytes.len() {
            return None;
        }
        let found = match &self.searcher {
            Searcher::Packed(packed) => {
                packed.find_in(bytes, aho_corasick::Span { start: from, end: bytes.len() })
            }
            Searcher::Automaton(automaton) => automaton.find(Input::new(bytes).range(from..)),
        }?;
        Some((found.pattern().as_usize(), found.start()))
    }
}

/// Where the rarest window of a literal starts, not before `first` if that leaves a window.
fn rarest_window(literal: &[u8], first: usize) -> usize {
    let windows = literal.windows(4).enumerate().skip(first);
    let rarest = windows.min_by_key(|(_, window)| window.iter().map(|&b| weight(b)).sum::<u32>());
    rarest.map_or(0, |(offset, _)| offset)
}

/// How common a byte is in source text, roughly.
fn weight(byte: u8) -> u32 {
    match byte {
        b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | b' ' => 12,
        b'l' | b'c' | b'd' | b'u' | b'p' | b'm' | b'f' => 9,
        b'_' | b'.' | b'/' | b'0' | b'1' => 7,
        b'q' | b'x' | b'z' | b'j' => 3,
        b'a'..=b'z' | b'-' | b':' => 6,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::{Anchors, Owner};

    #[test]
    fn no_window_hides_another_of_its_group() {
        for group in &Anchors::get().groups {
            assert!(group.entries.len() <= super::GROUP);
            let windows: Vec<&str> = group
                .entries
                .iter()
                .filter_map(|entries| entries.first())
                .map(|entry| {
                    &entry.literal[entry.offset..(entry.offset + 4).min(entry.literal.len())]
                })
                .collect();
            let lengths: std::collections::BTreeSet<usize> =
                windows.iter().map(|window| window.len()).collect();
            assert_eq!(lengths.len(), 1, "{windows:?}");
        }
    }

    #[test]
    fn anchors_are_found_wherever_they_stand() {
        for padding in 0..70 {
            let text = format!("{}npm_ghp_ {}", " ".repeat(padding), ".".repeat(padding));
            let mut found = Vec::new();
            Anchors::get().each(&text, |owner, at, length| {
                if let Owner::Shape(..) = owner {
                    found.push(&text[at..at + length]);
                }
            });
            found.sort_unstable();
            found.dedup();
            assert_eq!(found, ["ghp_", "npm_"], "padding {padding}");
        }
    }
}
