//! What is made of the files: a draft of our configuration, and the fate of every word.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use careen_rule::Severity;
use careen_text::sanitize_line;

/// Where a word stood.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The file.
    pub path: Arc<str>,
    /// The line, from 1.
    pub line: u32,
}

impl fmt::Display for Origin {
    /// `path:line`, on one line whatever the name of the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", sanitize_line(&self.path), self.line)
    }
}

/// What became of a word of a foreign configuration. The text says it in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stands in the draft, or is so without being said.
    Taken(String),
    /// `careen check` reads the file itself, so the draft says nothing of it.
    Honoured(String),
    /// It could not be said in our words, and why.
    Left(String),
}

impl Fate {
    /// Whether it was taken over.
    #[must_use]
    pub const fn is_taken(&self) -> bool {
        matches!(self, Self::Taken(_))
    }

    /// Whether the file is read as it is.
    #[must_use]
    pub const fn is_honoured(&self) -> bool {
        matches!(self, Self::Honoured(_))
    }

    /// Whether it was left out.
    #[must_use]
    pub const fn is_left(&self) -> bool {
        matches!(self, Self::Left(_))
    }

    /// The sentence.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Taken(text) | Self::Honoured(text) | Self::Left(text) => text,
        }
    }
}

/// A word of a foreign configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Where it stood.
    pub origin: Origin,
    /// The word; not sanitised.
    pub what: String,
    /// What became of it.
    pub fate: Fate,
}

/// Where an ignored rule is ignored, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) paths: Vec<String>,
    pub(crate) objects: Vec<String>,
    pub(crate) reason: Option<String>,
    /// `YYYY-MM-DD`.
    pub(crate) expires: Option<String>,
}

impl Scope {
    /// Whether the rule is ignored everywhere, for ever, without a word: then its name will do.
    pub(crate) fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// An item of `ignore`.
#[derive(Clone, Debug)]
pub(crate) struct Ignored {
    pub(crate) rules: Vec<String>,
    pub(crate) scope: Scope,
    pub(crate) origins: Vec<Note>,
}

/// The words behind a line of the draft: where they stood and how they read there.
pub(crate) type Note = (Origin, String);

/// The value of an option of a rule.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Words(Vec<String>),
    Map(Vec<(String, String)>),
}

/// What will stand in `careen.yaml`.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    /// Rules that alone shall run, if a file says so.
    pub(crate) select: Vec<(String, Vec<Note>)>,
    pub(crate) ignore: Vec<Ignored>,
    pub(crate) severity: BTreeMap<String, (Severity, Vec<Note>)>,
    pub(crate) fail_on: Option<(Severity, Note)>,
    pub(crate) exclude: Vec<(String, Note)>,
    /// By rule and option.
    pub(crate) options: BTreeMap<(String, String), (Value, Vec<Note>)>,
    /// Lines that a person must decide on: they stand in comments.
    pub(crate) proposals: Vec<(String, Note)>,
}
