//! What became of a file, in lines.

use std::sync::Arc;

use careen_text::{Source, Span};

use super::draft::lines;
use crate::snippet::MASK;

/// Lines shown around those that change.
const CONTEXT: usize = 3;

/// A file that fixes change.
#[derive(Debug)]
pub struct Change {
    /// Path as in reports.
    pub path: Arc<str>,
    /// Findings that were fixed.
    pub findings: usize,
    /// Suppressions that were taken away because they cover nothing, or no more.
    pub suppressions: usize,
    /// What changes, secrets masked.
    pub hunks: Vec<Hunk>,
    /// Whether something in the hunks is masked.
    pub masked: bool,
    pub(super) entry: usize,
    pub(super) before: Arc<Source>,
    pub(super) after: String,
}

/// Lines that change, with some around them. Numbers are 1-based; the number of an empty side is
/// that of the line before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// First line of the old text.
    pub old_start: usize,
    /// Lines of the old text.
    pub old_count: usize,
    /// First line of the new text.
    pub new_start: usize,
    /// Lines of the new text.
    pub new_count: usize,
    /// The lines of both.
    pub lines: Vec<Line>,
}

/// A line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which text it is of.
    pub sign: Sign,
    /// The line with its break, if it has one; not sanitised for a terminal.
    pub text: String,
}

/// Which text a line is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Both.
    Kept,
    /// The old one.
    Removed,
    /// The new one.
    Added,
}

/// A text with what is masked of it.
type Masked<'t> = (&'t str, &'t [Span]);

/// The hunks between two texts of which one came from the other line by line, and whether
/// something in them is masked.
pub(super) fn hunks(
    old: Masked<'_>,
    new: Masked<'_>,
    origins: &[Option<usize>],
) -> (Vec<Hunk>, bool) {
    let old = Shown::of(old);
    let new = Shown::of(new);
    let steps = steps(old.lines.len(), origins);
    let is_change = |step: &Step| step.sign != Sign::Kept;
    let mut masked = false;
    let mut hunks = Vec::new();
    let mut at = 0;
    while let Some(first) = steps.iter().skip(at).position(is_change).map(|found| at + found) {
        let mut last = first;
        for (index, _) in steps.iter().enumerate().skip(first).filter(|(_, step)| is_change(step)) {
            if index > last + 2 * CONTEXT + 1 {
                break;
            }
            last = index;
        }
        let from = first.saturating_sub(CONTEXT).max(at);
        let to = (last + CONTEXT + 1).min(steps.len());
        let part = steps.get(from..to).unwrap_or_default();
        let count = |sign| part.iter().filter(|step| step.sign != sign).count();
        let (old_count, new_count) = (count(Sign::Added), count(Sign::Removed));
        let start = |count, at: Option<usize>| at.unwrap_or_default() + usize::from(count > 0);
        let lines = part.iter().map(|step| {
            let (text, hidden) = match step.sign {
                Sign::Added => new.line(step.new),
                Sign::Kept | Sign::Removed => old.line(step.old),
            };
            masked |= hidden;
            Line { sign: step.sign, text }
        });
        hunks.push(Hunk {
            old_count,
            new_count,
            lines: lines.collect(),
            old_start: start(old_count, part.first().map(|step| step.old)),
            new_start: start(new_count, part.first().map(|step| step.new)),
        });
        at = to;
    }
    (hunks, masked)
}

/// A line, and how far both texts were when it came.
struct Step {
    sign: Sign,
    old: usize,
    new: usize,
}

/// Every line of both texts in order, removed ones before added ones.
fn steps(old_count: usize, origins: &[Option<usize>]) -> Vec<Step> {
    let mut steps = Vec::with_capacity(old_count + origins.len() / 8);
    let mut old = 0;
    let mut added = 0;
    for (new, origin) in origins.iter().enumerate() {
        let Some(origin) = origin else {
            added += 1;
            continue;
        };
        between(&mut steps, old..*origin, new - added..new);
        steps.push(Step { sign: Sign::Kept, old: *origin, new });
        old = origin + 1;
        added = 0;
    }
    between(&mut steps, old..old_count, origins.len() - added..origins.len());
    steps
}

fn between(steps: &mut Vec<Step>, old: std::ops::Range<usize>, new: std::ops::Range<usize>) {
    let (old_end, new_start) = (old.end, new.start);
    steps.extend(old.map(|old| Step { sign: Sign::Removed, old, new: new_start }));
    steps.extend(new.map(|new| Step { sign: Sign::Added, old: old_end, new }));
}

/// A text in lines.
struct Shown<'t> {
    lines: Vec<(usize, &'t str)>,
    masks: &'t [Span],
}

impl<'t> Shown<'t> {
    fn of((text, masks): Masked<'t>) -> Self {
        let mut at = 0;
        let lines = lines(text)
            .map(|line| {
                let start = at;
                at += line.len();
                (start, line)
            })
            .collect();
        Self { lines, masks }
    }

    /// A line as it may be shown, and whether something of it is masked. Breaks are never masked.
    fn line(&self, index: usize) -> (String, bool) {
        let Some(&(start, line)) = self.lines.get(index) else { return (String::new(), false) };
        let body = line.trim_end_matches(['\n', '\r']);
        let (mut shown, mut at) = (String::with_capacity(line.len()), 0);
        let first = self.masks.partition_point(|mask| mask.end as usize <= start);
        let mut hidden = false;
        for mask in self.masks.get(first..).unwrap_or_default() {
            let from = (mask.start as usize).saturating_sub(start).max(at);
            let to = (mask.end as usize).saturating_sub(start).min(body.len());
            if from >= body.len() {
                break;
            }
            shown.push_str(body.get(at..from).unwrap_or_default());
            shown.push_str(MASK);
            hidden = true;
            at = to;
        }
        shown.push_str(line.get(at..).unwrap_or_default());
        (shown, hidden)
    }
}
