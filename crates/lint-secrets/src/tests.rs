//! The examples of all rules, lines that are easily mistaken, and hostile input.

mod examples;
mod lines;
mod robust;
mod structure;

use crate::anchors::Anchors;
use crate::context::{Context, FileClass};
use crate::hit::Hit;
use crate::scan::scan;

/// 2026-12-01, when everything here is judged.
const NOW: i64 = 1_796_083_200;

const SOURCE: Context = Context { class: FileClass::Source, fixture: false, now: NOW };
const CONFIG: Context = Context { class: FileClass::Config, fixture: false, now: NOW };
const DOCS: Context = Context { class: FileClass::Docs, fixture: false, now: NOW };

fn hits(text: &str, context: Context) -> Vec<Hit> {
    let mut hits = Vec::new();
    let _ = scan(text, context, Anchors::get(), &mut hits);
    hits
}

/// Text that reads like a secret stands broken in the source, as in the examples of the rules.
fn joined(text: &str) -> String {
    text.replace('·', "")
}
