use super::Phrase;

/// How a word is meant, beside its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::audit) enum Tone {
    /// It holds the release up, or made things worse.
    Bad,
    /// It wants to be looked at.
    Care,
    /// It is as it should be.
    Good,
    /// It is told, no more.
    Quiet,
}

/// A word in front of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::audit) struct Mark {
    pub(in crate::audit) word: &'static str,
    pub(in crate::audit) tone: Tone,
}

impl Mark {
    pub(super) const fn new(word: &'static str, tone: Tone) -> Self {
        Self { word, tone }
    }
}

/// Something that is told in a line, with lines below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::audit) struct Entry<'a> {
    pub(in crate::audit) mark: Mark,
    pub(in crate::audit) says: Phrase<'a>,
    pub(in crate::audit) lines: Vec<Phrase<'a>>,
    /// Lines that are left out where there is little room.
    pub(in crate::audit) details: Vec<Phrase<'a>>,
}

/// A part of the report between the blockers and the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::audit) struct Topic<'a> {
    /// The name of its place on the page.
    pub(in crate::audit) id: &'static str,
    pub(in crate::audit) title: String,
    /// What is said first; may be empty.
    pub(in crate::audit) lead: Phrase<'a>,
    pub(in crate::audit) entries: Vec<Entry<'a>>,
}
