//! The paths that files had, by number, and which of them are wanted.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use gix::bstr::ByteSlice;

use crate::Limits;
use crate::exclude::Exclusion;
use crate::git::disk_path;
use crate::root::RootSet;

/// Stands for a path that is passed over.
pub(super) const NO_PATH: u32 = u32::MAX;

/// The paths of a history, each once.
pub(super) struct Paths {
    known: HashMap<Arc<str>, u32>,
    list: Vec<Known>,
}

struct Known {
    text: Arc<str>,
    /// Where the part begins that is relative to the root it was asked for under.
    within: u32,
    wanted: bool,
}

impl Paths {
    /// The root folder alone, which is number 0.
    pub(super) fn new() -> Self {
        let root = Known { text: Arc::from(""), within: 0, wanted: true };
        Self { known: HashMap::new(), list: vec![root] }
    }

    pub(super) fn find(&self, text: &str) -> Option<u32> {
        self.known.get(text).copied()
    }

    pub(super) fn add(&mut self, text: String, wanted: bool, within: usize) -> u32 {
        let number = u32::try_from(self.list.len()).unwrap_or(NO_PATH);
        if number != NO_PATH {
            let text: Arc<str> = Arc::from(text);
            self.known.insert(Arc::clone(&text), number);
            let within = u32::try_from(within).unwrap_or_default();
            self.list.push(Known { text, within, wanted });
        }
        number
    }

    pub(super) fn text(&self, at: u32) -> Arc<str> {
        self.list.get(at as usize).map_or_else(|| Arc::from(""), |known| Arc::clone(&known.text))
    }

    pub(super) fn within(&self, at: u32) -> &str {
        self.list
            .get(at as usize)
            .map_or("", |known| known.text.get(known.within as usize..).unwrap_or(&known.text))
    }

    pub(super) fn is_wanted(&self, at: u32) -> bool {
        self.list.get(at as usize).is_some_and(|known| known.wanted)
    }
}

/// What the user wants to be looked at.
pub(super) struct Choice<'a> {
    pub(super) base: &'a Path,
    pub(super) roots: &'a RootSet,
    pub(super) exclusion: &'a Exclusion,
    pub(super) leave_out: &'a (dyn Fn(&Path) -> bool + Sync),
    pub(super) limits: &'a Limits,
}

impl Choice<'_> {
    /// Whether a path is wanted, and where its part below the root begins. That of a folder ends
    /// with `/`.
    pub(super) fn judge(&self, path: &str, is_folder: bool) -> (bool, usize) {
        let bare = path.strip_suffix('/').unwrap_or(path);
        let covered = self.roots.covers(bare.as_bytes());
        let within = covered.map_or(0, |covered| {
            memchr::memrchr_iter(b'/', bare.as_bytes())
                .nth(covered.depth.max(1) - 1)
                .map_or(0, |slash| slash + 1)
        });
        if covered.is_none() && !(is_folder && self.roots.is_above(path.as_bytes())) {
            return (false, within);
        }
        // A name that no working tree can have cannot be left out by one either.
        let excluded = disk_path(bare.as_bytes().as_bstr()).is_some_and(|path| {
            let path = self.base.join(path);
            (self.leave_out)(&path) || self.exclusion.excludes(&path, is_folder)
        });
        (!excluded, within)
    }
}
