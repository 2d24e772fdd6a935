//! One pass that finds every place worth a look.
//!
//! Each thing that can lead to a secret is a literal: the mark of a token, its forms in base64, a
//! provider's name, the stem of a secret-like name, the head of a private key, `://`. All of them
//! are searched for at once.

use std::ops::Range;
use std::sync::OnceLock;

use careen_filter::{Filter, Literal};
use careen_rule::Rule;

use crate::ahead::Need;
use crate::catalogue;
use crate::check::{Check, Reader};
use crate::shape::{Anchor, Shape};

/// Fewer characters of base64 say too little.
const SHORTEST_ENCODED: usize = 4;

/// Who wants to know about an anchor.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Owner {
    /// A shape of a rule.
    Shape(&'static Rule<Check>, &'static Shape),
    /// A shape of a rule that is looked for behind a word.
    Near(&'static Rule<Check>, &'static Shape, Need),
    /// The same behind base64.
    Encoded(&'static Rule<Check>, &'static Shape),
    /// A reader of everything that is no token.
    Reader(Reader),
}

/// A literal and who waits for it.
#[derive(Debug)]
struct Entry {
    length: usize,
    owners: Range<usize>,
}

/// All anchors, ready to search.
#[derive(Debug)]
pub(crate) struct Anchors {
    filter: Filter,
    entries: Vec<Entry>,
    /// Those of one entry stand together.
    owners: Vec<Owner>,
}

impl Anchors {
    /// The anchors of all rules that careen brings, built at the first call.
    pub(crate) fn get() -> &'static Self {
        static ANCHORS: OnceLock<Anchors> = OnceLock::new();
        ANCHORS.get_or_init(|| Self::of(catalogue::own()))
    }

    /// The anchors of these rules, and of all readers.
    pub(crate) fn of(rules: impl Iterator<Item = &'static Rule<Check>>) -> Self {
        let wanted = Wanted::of(rules);
        let mut literals = Vec::new();
        let mut entries: Vec<Entry> = Vec::new();
        let mut owners = Vec::with_capacity(wanted.all.len());
        for (bytes, fold, owner) in wanted.sorted() {
            let literal = Literal { bytes, fold };
            let is_known = |last: &Literal<'_>| last.bytes == bytes && last.fold == fold;
            if !literals.last().is_some_and(is_known) {
                literals.push(literal);
                let owners = owners.len()..owners.len();
                entries.push(Entry { length: bytes.len(), owners });
            }
            owners.push(owner);
            if let Some(entry) = entries.last_mut() {
                entry.owners.end = owners.len();
            }
        }
        Self { filter: Filter::new(&literals), entries, owners }
    }

    /// Calls `visit` with every anchor of `text`, in order of their starts: who wants it, where
    /// its literal starts and how long that is.
    pub(crate) fn each(&self, text: &str, mut visit: impl FnMut(Owner, usize, usize)) {
        self.filter.each(text.as_bytes(), |index, start| {
            let Some(entry) = self.entries.get(index) else { return };
            for &owner in self.owners.get(entry.owners.clone()).unwrap_or_default() {
                visit(owner, start, entry.length);
            }
        });
    }
}

/// Literals with their owners, as the rules come.
struct Wanted {
    /// The bytes of all literals. There are thousands, and each run makes them anew.
    pool: Vec<u8>,
    /// Where each literal stands in the pool, and whether it matches in either case.
    all: Vec<(Range<u32>, bool, Owner)>,
}

impl Wanted {
    /// What leads to the rules, and to all readers.
    fn of(rules: impl Iterator<Item = &'static Rule<Check>>) -> Self {
        // About what there is today: room that is not used costs nothing.
        let mut wanted =
            Self { pool: Vec::with_capacity(1 << 16), all: Vec::with_capacity(1 << 13) };
        for rule in rules {
            let Check::Token(shapes) = &rule.check else { continue };
            for shape in *shapes {
                if let Anchor::Near(words) = shape.anchor {
                    let owner = Owner::Near(rule, shape, Need::of(shape));
                    words.iter().for_each(|word| wanted.add(word, true, owner));
                }
                if let Some(literal) = shape.literal() {
                    wanted.add(literal, false, Owner::Shape(rule, shape));
                    for before in 0..3 {
                        let start = wanted.end();
                        encode(literal.as_bytes(), before, &mut wanted.pool);
                        let form = start..wanted.end();
                        if form.len() >= SHORTEST_ENCODED {
                            wanted.all.push((form, false, Owner::Encoded(rule, shape)));
                        }
                    }
                }
            }
        }
        for (texts, reader) in Reader::ANCHORS {
            texts.iter().for_each(|text| wanted.add(text, false, Owner::Reader(*reader)));
        }
        wanted
    }

    fn add(&mut self, literal: &str, fold: bool, owner: Owner) {
        let start = self.end();
        self.pool.extend_from_slice(literal.as_bytes());
        self.all.push((start..self.end(), fold, owner));
    }

    fn end(&self) -> u32 {
        u32::try_from(self.pool.len()).unwrap_or(u32::MAX)
    }

    /// By bytes and case; owners of the same literal stay in the order of the rules.
    fn sorted(&self) -> impl Iterator<Item = (&[u8], bool, Owner)> {
        let of = |(place, fold, _): &(Range<u32>, bool, Owner)| (self.bytes(place), *fold);
        let mut order: Vec<(u64, u32)> =
            self.all.iter().map(|(place, ..)| head(self.bytes(place))).zip(0..).collect();
        let literal = |number: u32| self.all.get(number as usize);
        order.sort_unstable_by(|(head, one), (other_head, other)| {
            let rest = || literal(*one).map(of).cmp(&literal(*other).map(of));
            head.cmp(other_head).then_with(rest).then(one.cmp(other))
        });
        order.into_iter().filter_map(move |(_, number)| {
            let (place, fold, owner) = literal(number)?;
            Some((self.bytes(place), *fold, *owner))
        })
    }

    fn bytes(&self, place: &Range<u32>) -> &[u8] {
        self.pool.get(place.start as usize..place.end as usize).unwrap_or_default()
    }
}

/// The first eight bytes as a number, which sorts as they do.
fn head(bytes: &[u8]) -> u64 {
    (0..8).fold(0, |head, at| head << 8 | u64::from(bytes.get(at).copied().unwrap_or_default()))
}

/// Appends what a literal looks like in base64 where `before` bytes stand before it, counted in
/// threes: the characters that nothing before or after it changes.
fn encode(literal: &[u8], before: usize, text: &mut Vec<u8>) {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let byte = |at: usize| {
        let own = at.checked_sub(before).and_then(|at| literal.get(at));
        u16::from(own.copied().unwrap_or_default())
    };
    let characters = (before * 8).div_ceil(6)..(before + literal.len()) * 8 / 6;
    text.extend(characters.filter_map(|at| {
        let (first, bit) = (at * 6 / 8, at * 6 % 8);
        let value = (byte(first) << 8 | byte(first + 1)) >> (10 - bit) & 63;
        ALPHABET.get(usize::from(value))
    }));
}

#[cfg(test)]
mod tests {
    use super::{Anchors, Owner, Wanted, encode};
    use crate::catalogue;

    fn encoded(literal: &str, before: usize) -> String {
        let mut text = Vec::new();
        encode(literal.as_bytes(), before, &mut text);
        String::from_utf8(text).unwrap()
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

    #[test]
    fn a_literal_behind_base64_shows_one_of_its_forms() {
        for before in 0..7 {
            let text = format!("{}github_pat_{}", "x".repeat(before), "y".repeat(9));
            let text = data_encoding::BASE64.encode(text.as_bytes());
            let forms = (0..3).map(|before| encoded("github_pat_", before));
            assert!(forms.into_iter().any(|form| text.contains(&form)), "{before}");
        }
        assert_eq!(encoded("ghp_", 0), "Z2hwX");
        // What stands next to a literal changes the characters that the two share.
        for before in [1, 2] {
            let whole = "x".repeat(before) + "ghp_";
            let whole = data_encoding::BASE64.encode(whole.as_bytes());
            let own = encoded("ghp_", before);
            assert!(whole.contains(&own) && own.len() >= 4, "{own} {whole}");
        }
    }

    /// `cargo xtask bench secrets` asks for it: a literal per line, after `=` if it matches as it
    /// is, after `~` if in either case.
    #[test]
    #[allow(clippy::print_stdout, reason = "what it prints is what it is for")]
    fn list() {
        let wanted = Wanted::of(catalogue::own());
        assert!(wanted.all.len() > 2_000);
        for (bytes, fold, _) in wanted.sorted() {
            println!("{}{}", if fold { '~' } else { '=' }, String::from_utf8_lossy(bytes));
        }
    }
}
