use std::borrow::Cow;

use careen_audit_model::Place;

/// A stretch of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::audit) enum Part<'a> {
    /// Prose, in which code stands between back quotes.
    Words(Cow<'a, str>),
    /// A path, an id, a name: code as a whole.
    Name(Cow<'a, str>),
    /// A digest or the id of a commit, which is shown short.
    Digest(&'a str),
    /// A place in a file.
    Place(&'a Place),
}

/// A sentence or less, which each format shows in its own way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::audit) struct Phrase<'a> {
    parts: Vec<Part<'a>>,
}

impl<'a> Phrase<'a> {
    /// Begins with prose.
    pub(in crate::audit) fn of(words: impl Into<Cow<'a, str>>) -> Self {
        Self::default().words(words)
    }

    /// Adds prose.
    pub(in crate::audit) fn words(mut self, words: impl Into<Cow<'a, str>>) -> Self {
        let words = words.into();
        if !words.is_empty() {
            self.parts.push(Part::Words(words));
        }
        self
    }

    /// Adds a name.
    pub(in crate::audit) fn name(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.parts.push(Part::Name(name.into()));
        self
    }

    /// Adds a digest.
    pub(in crate::audit) fn digest(mut self, digest: &'a str) -> Self {
        self.parts.push(Part::Digest(digest));
        self
    }

    /// Adds a place.
    pub(in crate::audit) fn place(mut self, place: &'a Place) -> Self {
        self.parts.push(Part::Place(place));
        self
    }

    /// Adds what another says.
    pub(in crate::audit) fn then(mut self, other: Self) -> Self {
        self.parts.extend(other.parts);
        self
    }

    pub(in crate::audit) fn parts(&self) -> &[Part<'a>] {
        &self.parts
    }

    pub(in crate::audit) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

/// The first twelve digits of a digest, with what says how it was made.
pub(in crate::audit) fn short(digest: &str) -> &str {
    const DIGITS: usize = 12;
    let start = digest.find(':').filter(|at| *at < DIGITS).map_or(0, |at| at + 1);
    let rest = digest.get(start..).unwrap_or_default();
    let end = rest.char_indices().nth(DIGITS).map_or(digest.len(), |(at, _)| start + at);
    digest.get(..end).unwrap_or(digest)
}
