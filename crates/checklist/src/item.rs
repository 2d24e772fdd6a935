use std::sync::Arc;

use careen_audit_model::Phase;
use careen_text::Source;

use crate::Binding;

/// A checklist.
#[derive(Clone, Debug)]
pub struct Checklist {
    /// The text.
    pub source: Arc<Source>,
    /// The first heading, if there is one.
    pub title: Option<String>,
    /// The items, in their order.
    pub items: Vec<Item>,
    /// What is wrong, in order of place: items without words, bindings that cannot be read, duplicates.
    pub troubles: Vec<Trouble>,
}

/// An item of a checklist.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it says, without its box, marks of emphasis and comments.
    pub text: String,
    /// 1-based.
    pub line: u32,
    /// The line without the evidence above it that an audit wrote: by this one people name the item, so
    /// that it is called the same before and after answers are written.
    pub bare_line: u32,
    /// The headings above it, the outermost first; the title of the whole is not among them.
    pub section: Vec<String>,
    /// Whether its box is ticked.
    pub ticked: bool,
    /// What decides it, in order; none if it is unbound.
    pub bindings: Vec<Binding>,
    /// When it can be known: by its own binding, else by the nearest heading that says so.
    pub phase: Phase,
}

/// Something wrong with a checklist or its sidecar.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    /// The file.
    pub path: Arc<str>,
    /// 1-based.
    pub line: u32,
    /// 1-based, in Unicode code points.
    pub column: u32,
    /// What is wrong and what to do, in one sentence.
    pub message: String,
}

impl Checklist {
    /// Adds the bindings of a sidecar in YAML; what the checklist says itself wins.
    ///
    /// What is wrong with the sidecar becomes trouble with its path: entries that fit no item or bind one
    /// twice, unknown keys, what is no YAML. At most 4 MiB and 20,000 entries are read.
    pub fn bind(&mut self, sidecar: &Arc<Source>) {
        crate::sidecar::bind(self, sidecar);
    }
}
