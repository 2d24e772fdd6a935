//! One text being worked on, with the way back to the lines it had.

use std::collections::BTreeMap;
use std::sync::Arc;

use careen_text::{Source, Span};

use super::Chosen;
use super::change::{Change, hunks};

/// A text after some edits.
pub(super) struct Draft {
    entry: usize,
    before: Arc<Source>,
    pub(super) text: String,
    /// For each line, the line of the first text that it is, if it was not touched.
    origins: Vec<Option<usize>>,
    findings: usize,
    suppressions: usize,
}

impl Draft {
    pub(super) fn new(entry: usize, before: &Arc<Source>) -> Self {
        let text = before.text().to_owned();
        let origins = (0..lines(&text).count()).map(Some).collect();
        Self { entry, before: Arc::clone(before), text, origins, findings: 0, suppressions: 0 }
    }

    /// The draft after edits that are in order and apart.
    pub(super) fn edited(&self, chosen: &Chosen) -> Self {
        let edits = &chosen.edits;
        let mut text = String::with_capacity(self.text.len() + 256);
        // Runs of bytes that stay: where they end in the new text, and how to get back.
        let mut runs: Vec<(usize, usize, usize)> = Vec::with_capacity(edits.len() + 1);
        let mut at = 0;
        for (&(start, end), new) in edits {
            runs.push((text.len(), at, start as usize));
            text.push_str(self.text.get(at..start as usize).unwrap_or_default());
            text.push_str(new);
            at = end as usize;
        }
        runs.push((text.len(), at, self.text.len()));
        text.push_str(self.text.get(at..).unwrap_or_default());

        let old: BTreeMap<usize, (usize, Option<usize>)> = starts(&self.text)
            .zip(lines(&self.text))
            .zip(&self.origins)
            .map(|((start, line), origin)| (start, (line.len(), *origin)))
            .collect();
        let mut run = runs.iter().peekable();
        let origins = starts(&text)
            .zip(lines(&text))
            .map(|(start, line)| {
                while let Some((new, from, to)) = run.peek() {
                    if start < new + (to - from) {
                        break;
                    }
                    run.next();
                }
                let (new, from, to) = run.peek()?;
                let back = start.checked_sub(*new)? + from;
                let (length, origin) = old.get(&back)?;
                (*length == line.len() && back + length <= *to).then_some(*origin).flatten()
            })
            .collect();
        Self {
            entry: self.entry,
            before: Arc::clone(&self.before),
            text,
            origins,
            findings: self.findings + chosen.findings,
            suppressions: self.suppressions + chosen.suppressions,
        }
    }

    /// The change as a whole; what the masks cover is not shown.
    pub(super) fn finish(self, before: &[Span], after: &[Span]) -> Change {
        let (hunks, masked) =
            hunks((self.before.text(), before), (&self.text, after), &self.origins);
        Change {
            path: self.before.shared_path(),
            findings: self.findings,
            suppressions: self.suppressions,
            hunks,
            masked,
            entry: self.entry,
            before: self.before,
            after: self.text,
        }
    }
}

/// Lines with their breaks, as `diff` and Git count them.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n')
}

fn starts(text: &str) -> impl Iterator<Item = usize> {
    lines(text).scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some(start)
    })
}
