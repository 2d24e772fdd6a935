//! Words of a configuration and where they stand. A configuration may be several files, so a place
//! knows its own.

use std::fmt;
use std::sync::Arc;

use careen_rule::Region;
use careen_text::{Position, Source, Span};
use careen_yaml::Node;

/// Some bytes of one of the files of a configuration.
#[derive(Clone)]
pub struct Place {
    source: Arc<Source>,
    span: Span,
}

impl Place {
    /// These bytes of this file.
    #[must_use]
    pub fn new(source: &Arc<Source>, span: Span) -> Self {
        Self { source: Arc::clone(source), span }
    }

    /// Where a node is written.
    pub(crate) fn of(node: Node<'_>) -> Self {
        Self::new(node.source(), node.span())
    }

    /// The file.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The path of the file, as it was given to the reader.
    #[must_use]
    pub fn path(&self) -> &str {
        self.source.path()
    }

    /// First and last position.
    #[must_use]
    pub fn region(&self) -> Region {
        let at = |offset| self.source.position(offset);
        Region { start: at(self.span.start), end: at(self.span.end) }
    }

    /// Line and column of the first character.
    #[must_use]
    pub fn position(&self) -> Position {
        self.source.position(self.span.start)
    }
}

impl Default for Place {
    /// The beginning of a file that is empty and has no name.
    fn default() -> Self {
        Self { source: Source::new("", ""), span: Span::default() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.position();
        write!(f, "{}:{}:{}", self.path(), at.line, at.column)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.span == other.span && self.path() == other.path()
    }
}

impl Eq for Place {}

/// A word of the configuration and its place.
pub type Word = (String, Place);

/// A mistake in the configuration, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key or value.
    pub place: Place,
    /// One sentence with the remedy.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Mistakes that are told at once.
const MOST_PROBLEMS: usize = 20;

/// The mistakes of one reading: the first few, and that there are more.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    told: Vec<Problem>,
}

impl Problems {
    /// Takes a mistake in.
    pub(crate) fn say(&mut self, place: Place, message: impl Into<String>) {
        match self.told.len() {
            MOST_PROBLEMS => {
                let message = "there are more mistakes: mend those above first".to_owned();
                self.told.push(Problem { place, message });
            }
            0..MOST_PROBLEMS => self.told.push(Problem { place, message: message.into() }),
            _ => {}
        }
    }

    /// Takes a mistake in that is about a node.
    pub(crate) fn at(&mut self, node: Node<'_>, message: impl Into<String>) {
        self.say(Place::of(node), message);
    }

    /// How many there are so far.
    pub(crate) fn len(&self) -> usize {
        self.told.len()
    }

    /// Whether more of them would not be told.
    pub(crate) fn is_full(&self) -> bool {
        self.told.len() > MOST_PROBLEMS
    }

    /// The mistakes.
    pub(crate) fn into_vec(self) -> Vec<Problem> {
        self.told
    }
}
