//! Keeps a log to the size that hosts take.

use std::cmp::Reverse;
use std::io;

use careen_sarif::{Location, Log, Outcome, Run};
use serde::Serialize;

use super::{notifications, severity};
use crate::harmless;
use crate::words::count;

/// Bytes of a log: one host takes 10 MB as it is, the other 10 MB compressed.
pub(crate) const MAX_BYTES: usize = 10_000_000;
/// Bytes for telling what was left out, for each run.
const RESERVE: usize = 1_000;

/// Leaves out of a log what makes it larger than `most` bytes: first the lines of the files, which
/// people can look up, then the mildest results; and tells so.
pub(crate) fn fit(log: &mut Log, most: usize) {
    if size(log) <= most {
        return;
    }
    for run in &mut log.runs {
        run.results.iter_mut().for_each(strip);
        if !run.results.is_empty() {
            notifications::limit(run, "The lines of the files are left out: hosts take 10 MB.");
        }
    }
    let size = size(log);
    if size > most {
        drop_mildest(log, size + RESERVE * log.runs.len(), most);
    }
}

/// Leaves out the mildest results until what had `size` bytes has no more than `most`.
fn drop_mildest(log: &mut Log, mut size: usize, most: usize) {
    let mut places = Vec::new();
    for (of, run) in log.runs.iter().enumerate() {
        for (at, outcome) in run.results.iter().enumerate() {
            let rule = run.tool.driver.rules.get(outcome.rule_index);
            places.push((severity::of(outcome, rule), Reverse((of, at))));
        }
    }
    // The mildest first, and of those the last.
    places.sort_unstable();
    let mut dropped = vec![Vec::new(); log.runs.len()];
    for (_, Reverse((of, at))) in places {
        if size <= most {
            break;
        }
        let Some(outcome) = log.runs.get(of).and_then(|run| run.results.get(at)) else { continue };
        // A comma goes with it; the line break that was counted stands for it.
        size = size.saturating_sub(self::size(outcome));
        if let Some(dropped) = dropped.get_mut(of) {
            dropped.push(at);
        }
    }
    for (run, mut dropped) in log.runs.iter_mut().zip(dropped) {
        if dropped.is_empty() {
            continue;
        }
        dropped.sort_unstable();
        let mut at = 0;
        run.results.retain(|_| {
            at += 1;
            dropped.binary_search(&(at - 1)).is_err()
        });
        let more = count(dropped.len(), "finding is", "findings are");
        notifications::limit(run, &format!("{more} left out, the mildest ones: hosts take 10 MB."));
    }
}

/// Takes the lines of files out of a result.
pub(super) fn strip(outcome: &mut Outcome) {
    let places = outcome.locations.iter_mut().chain(&mut outcome.related_locations);
    let flows = outcome.code_flows.iter_mut().flat_map(|flow| &mut flow.thread_flows);
    let steps = flows.flat_map(|way| &mut way.locations).map(|step| &mut step.location);
    places.chain(steps).for_each(strip_place);
}

fn strip_place(place: &mut Location) {
    if let Some(physical) = &mut place.physical_location {
        physical.context_region = None;
        if let Some(region) = &mut physical.region {
            region.snippet = None;
        }
    }
}

/// Leaves the mildest results out of a run of more than `most`, and tells so; the order of the rest
/// stays.
pub(super) fn cut(run: &mut Run, most: usize) {
    let left_out = run.results.len().saturating_sub(most);
    if left_out == 0 {
        return;
    }
    let rules = &run.tool.driver.rules;
    let mut ranked: Vec<_> = run
        .results
        .iter()
        .enumerate()
        .map(|(at, outcome)| (severity::of(outcome, rules.get(outcome.rule_index)), Reverse(at)))
        .collect();
    ranked.sort_unstable();
    let mut dropped: Vec<usize> =
        ranked.into_iter().take(left_out).map(|(_, Reverse(at))| at).collect();
    dropped.sort_unstable();
    let mut at = 0;
    run.results.retain(|_| {
        at += 1;
        dropped.binary_search(&(at - 1)).is_err()
    });
    notifications::left_out(run, left_out);
}

/// The bytes that something takes, written.
pub(super) fn size(value: &impl Serialize) -> usize {
    let mut counter = Counter(0);
    // Counting cannot fail.
    let _ = harmless::write(value, false, &mut counter);
    counter.0
}

struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
