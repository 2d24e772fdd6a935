//! Items of `overrides`.

use careen_rule::Severity;
use careen_yaml::Node;

use super::{levels, words};
use crate::place::{Place, Word};

/// What holds for some paths only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Override {
    /// Globs of the paths.
    pub paths: Vec<Word>,
    /// Rules or groups to run there instead of what would.
    pub select: Vec<Word>,
    /// Rules or groups to leave out there.
    pub ignore: Vec<Word>,
    /// Severities there.
    pub severity: Vec<(Word, Severity)>,
    /// Where the item begins.
    pub place: Place,
}

/// Reads the value of `overrides`.
pub(super) fn read(value: Option<Node<'_>>) -> Vec<Override> {
    let items = value.into_iter().flat_map(|value| value.items());
    let read = |item: Node<'_>| Override {
        paths: words(item.get("paths")),
        select: words(item.get("select")),
        ignore: words(item.get("ignore")),
        severity: levels(item.get("severity")),
        place: Place::of(item),
    };
    // One without paths has been told; it must not hold for all.
    items.map(read).filter(|it| !it.paths.is_empty()).collect()
}
