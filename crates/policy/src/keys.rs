//! The keys of `careen.yaml`: one table that the reader, the hints and the JSON schema share.

mod check;
mod table;

pub(crate) use check::{Checker, unknown};
pub use table::ROOT;
pub(crate) use table::{IDENTITY, SIGNATURES};

/// A key of a mapping.
#[derive(Debug)]
pub struct Key {
    /// Kebab-case name.
    pub name: &'static str,
    /// What it says, in a sentence or two.
    pub about: &'static str,
    /// What its value is.
    pub shape: Shape,
    /// Whether the mapping means nothing without it.
    pub required: bool,
}

/// A mapping with keys of its own.
#[derive(Debug)]
pub struct Keys {
    /// How messages call it: `an override`.
    pub what: &'static str,
    /// The keys, in the order of the documentation.
    pub keys: &'static [Key],
    /// Keys of which one is needed; empty where none is.
    pub any_of: &'static [&'static str],
    /// Whether no more than one of them may stand there.
    pub exclusive: bool,
}

impl Keys {
    /// The names of the keys.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().map(|key| key.name)
    }

    /// Whether nothing at all may stand in place of the mapping.
    #[must_use]
    pub fn may_be_empty(&self) -> bool {
        self.any_of.is_empty() && !self.keys.iter().any(|key| key.required)
    }

    /// The names as a list for a message.
    pub(crate) fn list(&self) -> String {
        self.names().collect::<Vec<_>>().join(", ")
    }
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// A rule, a group, a linter, an alias or a peer's id.
    Name,
    /// A glob over paths, relative to the folder of the configuration.
    Glob,
    /// `Kind/namespace/name` or `Kind/name`, with `*` for any text.
    Object,
    /// A path of a file, relative to the file that names it.
    Path,
    /// A path of a file or folder, relative to the file that names it.
    FileOrFolder,
    /// Words for people.
    Prose,
    /// Something that a reader of its own looks into.
    Word,
}

/// What a value is.
#[derive(Debug)]
pub enum Shape {
    /// A text.
    Text(TextKind),
    /// The name of a profile.
    Profile,
    /// A severity.
    Severity,
    /// A version of Kubernetes.
    Version,
    /// A day: `2027-03-01`.
    Day,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Truth,
    /// A list.
    List {
        /// What it holds.
        of: &'static Self,
        /// Items there may be.
        most: usize,
        /// Whether an item may stand in place of a list of one.
        or_one: bool,
        /// Whether it holds at least one.
        filled: bool,
    },
    /// A mapping of names of rules to severities.
    Levels,
    /// A mapping of rules to their options.
    Options,
    /// A mapping with keys.
    Mapping(&'static Keys),
    /// A scalar or something else.
    Either(&'static Self, &'static Self),
    /// Something whose mistakes a reader of its own tells.
    Elsewhere(&'static Self),
}

impl Shape {
    /// What it is, for a message: `a list of names`.
    pub(crate) fn noun(&self) -> String {
        match self {
            Self::Text(kind) => kind.noun().to_owned(),
            Self::Profile => "the name of a profile".to_owned(),
            Self::Severity => "a severity".to_owned(),
            Self::Version => "a version, written like `1.33`".to_owned(),
            Self::Day => "a day, written 2027-03-01".to_owned(),
            Self::Choice(words) => {
                let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
                words.join(" or ")
            }
            Self::Truth => "`true` or `false`".to_owned(),
            Self::List { of, or_one: false, .. } => format!("a list of {}", of.plural()),
            Self::List { of, .. } => format!("{}, or a list of {}", of.noun(), of.plural()),
            Self::Levels => "a mapping of rules to severities".to_owned(),
            Self::Options => "a mapping of rules to their options".to_owned(),
            Self::Mapping(keys) => format!("a mapping with the keys {}", keys.list()),
            Self::Either(one, other) => format!("{} or {}", one.noun(), other.noun()),
            Self::Elsewhere(shape) => shape.noun(),
        }
    }

    fn plural(&self) -> String {
        match self {
            Self::Text(kind) => kind.plural().to_owned(),
            Self::Mapping(keys) => format!("mappings with the keys {}", keys.list()),
            Self::Either(one, other) => format!("{} and {}", one.plural(), other.plural()),
            Self::Elsewhere(shape) => shape.plural(),
            _ => "values".to_owned(),
        }
    }
}

impl TextKind {
    fn noun(self) -> &'static str {
        match self {
            Self::Name => "a name",
            Self::Glob => "a glob",
            Self::Object => "an object such as `Deployment/shop/api`",
            Self::Path => "the path of a file",
            Self::FileOrFolder => "the path of a file or folder",
            Self::Prose => "a text",
            Self::Word => "a word",
        }
    }

    fn plural(self) -> &'static str {
        match self {
            Self::Name => "names",
            Self::Glob => "globs",
            Self::Object => "objects such as `Deployment/shop/api`",
            Self::Path => "paths",
            Self::FileOrFolder => "files and folders",
            Self::Prose => "texts",
            Self::Word => "words",
        }
    }
}
