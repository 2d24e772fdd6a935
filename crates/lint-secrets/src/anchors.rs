//! One pass that finds every place worth a look.
//!
//! Each thing that can lead to a secret is a literal: the mark of a token, its forms in base64, a
//! provider's name, the stem of a secret-like name, the head of a private key, `://`. All of them
//! are searched for at once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use careen_filter::{Filter, Literal};
use careen_rule::Rule;

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
    /// The same behind base64.
    Encoded(&'static Rule<Check>, &'static Shape),
    /// A reader of everything that is no token.
    Reader(Reader),
}

/// A literal and who waits for it.
#[derive(Debug)]
struct Entry {
    length: usize,
    owners: Vec<Owner>,
}

/// All anchors, ready to search.
#[derive(Debug)]
pub(crate) struct Anchors {
    filter: Filter,
    entries: Vec<Entry>,
}

impl Anchors {
    /// The anchors of all rules that careen brings, built at the first call.
    pub(crate) fn get() -> &'static Self {
        static ANCHORS: OnceLock<Anchors> = OnceLock::new();
        ANCHORS.get_or_init(|| Self::of(catalogue::own()))
    }

    /// The anchors of these rules, and of all readers.
    pub(crate) fn of(rules: impl Iterator<Item = &'static Rule<Check>>) -> Self {
        let mut literals: BTreeMap<(Vec<u8>, bool), Vec<Owner>> = BTreeMap::new();
        let mut add = |literal: &[u8], fold: bool, owner: Owner| {
            literals.entry((literal.to_vec(), fold)).or_default().push(owner);
        };
        for rule in rules {
            let Check::Token(shapes) = &rule.check else { continue };
            for shape in *shapes {
                let owner = Owner::Shape(rule, shape);
                if let Anchor::Near(words) = shape.anchor {
                    words.iter().for_each(|word| add(word.as_bytes(), true, owner));
                }
                if let Some(literal) = shape.literal() {
                    add(literal.as_bytes(), false, owner);
                    for form in encoded(literal) {
                        add(form.as_bytes(), false, Owner::Encoded(rule, shape));
                    }
                }
            }
        }
        for (texts, reader) in Reader::ANCHORS {
            for text in *texts {
                add(text.as_bytes(), false, Owner::Reader(*reader));
            }
        }
        let wanted: Vec<Literal<'_>> =
            literals.keys().map(|(bytes, fold)| Literal { bytes, fold: *fold }).collect();
        let filter = Filter::new(&wanted);
        let entries = literals
            .into_iter()
            .map(|((bytes, _), owners)| Entry { length: bytes.len(), owners })
            .collect();
        Self { filter, entries }
    }

    /// Calls `visit` with every anchor of `text`, in order of their starts: who wants it, where
    /// its literal starts and how long that is.
    pub(crate) fn each(&self, text: &str, mut visit: impl FnMut(Owner, usize, usize)) {
        self.filter.each(text.as_bytes(), |index, start| {
            let Some(entry) = self.entries.get(index) else { return };
            for &owner in &entry.owners {
                visit(owner, start, entry.length);
            }
        });
    }
}

/// What a literal looks like in base64, wherever it stands in the encoded text: for each of the
/// three ways to count, the characters that nothing before or after it changes.
fn encoded(literal: &str) -> impl Iterator<Item = String> {
    (0..3usize).filter_map(move |before| {
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(literal.as_bytes());
        let bits = bytes.len() * 8;
        bytes.resize(bytes.len() + 3, 0);
        let text = data_encoding::BASE64.encode(&bytes);
        let form = text.get((before * 8).div_ceil(6)..bits / 6)?;
        (form.len() >= SHORTEST_ENCODED).then(|| form.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::{Anchors, Owner, encoded};

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
            assert!(encoded("github_pat_").any(|form| text.contains(&form)), "{before}");
        }
        // Too short for one of the three ways to count.
        assert_eq!((encoded("ghp_").count(), encoded("sk-").count()), (3, 1));
    }
}
