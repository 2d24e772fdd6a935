//! Many logs, of any tools, made one that hosts take and one gate judges.
//!
//! Of each tool and category there is one run: hosts refuse two. What several logs say alike stays once,
//! what another tool says of a defect that we tell too is a mark on ours, and what secret scanners show
//! of secrets goes no further.

mod fold;
mod paths;
mod peers;
mod secrets;
mod summary;
mod texts;
mod tidy;

use std::io;

use careen_rule::{Meta, Severity};
use careen_sarif::{BaselineState, Kind, Level, Log, Outcome, ReadLog, Run, SuppressionStatus};

use self::fold::Part;
use self::summary::Counts;
use super::fit;
use super::results::MAX_RESULTS;
use super::severity;
use crate::harmless;

/// Runs that a host takes in one file.
const MAX_RUNS: usize = 20;

/// A log to be merged.
#[derive(Debug)]
pub struct Input {
    /// What it is called in messages: the path of the file.
    pub name: String,
    /// What it says.
    pub log: ReadLog,
}

/// What a merge is told.
#[derive(Clone, Debug)]
pub struct MergeOptions<'a> {
    /// The root of the repository, as absolute paths with `/`: all names it is known by. What lies
    /// below becomes relative.
    pub roots: &'a [String],
    /// The rules of ours, whose peers tell which results of other tools are the same defect.
    pub rules: &'a [&'static Meta],
    /// The mildest severity that fails.
    pub fail_on: Severity,
    /// Keeps what is suppressed. Hosts open alerts for it.
    pub show_suppressed: bool,
}

/// Logs made one.
#[derive(Debug)]
pub struct Merged {
    log: Log,
    counts: Counts,
    /// Results that count, at or above the failing severity.
    pub failing: usize,
    /// What keeps the analysis from being complete, with the file that says so.
    pub incomplete: Vec<String>,
    /// What a reader should know besides.
    pub warnings: Vec<String>,
}

impl Merged {
    /// Writes the log, on one line.
    ///
    /// # Errors
    ///
    /// Only those of `out`.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        harmless::write(&self.log, false, out)
    }

    /// What was merged, left out and found, in a few lines.
    #[must_use]
    pub fn summary(&self) -> Vec<String> {
        self.counts.lines(&self.log)
    }
}

/// Merges logs. The order of the inputs decides nothing but which of two equal things stays.
#[must_use]
pub fn merge(inputs: Vec<Input>, options: &MergeOptions<'_>) -> Merged {
    let mut counts = Counts { logs: inputs.len(), ..Counts::default() };
    let (mut incomplete, mut warnings) = (Vec::new(), Vec::new());
    let mut parts: Vec<Part> = Vec::new();
    for Input { name, log } in inputs {
        warnings.extend(log.problems.iter().map(|problem| format!("{name}: {problem}")));
        if log.more_problems > 0 {
            warnings.push(format!("{name}: {} more of these", log.more_problems));
        }
        for mut read in log.runs {
            paths::place(&mut read, options.roots);
            if !succeeded(&mut read.run) {
                let tool = &read.run.tool.driver.name;
                incomplete.push(format!("{name}: {tool} says that its run failed"));
            }
            parts.push(Part::of(read));
        }
    }
    for part in &mut parts {
        sift(&mut part.run, options.show_suppressed, &mut counts);
    }
    secrets::clean(&mut parts, &mut counts);
    let mut runs = fold::fold(parts, &mut counts);
    peers::join(&mut runs, options.rules, &mut counts);
    let mut failing = 0;
    for run in &mut runs {
        failing += judge(run, options.fail_on, &mut counts);
        tidy::tidy(run, &mut counts);
        fit::cut(run, MAX_RESULTS);
    }
    if runs.len() > MAX_RUNS {
        warnings
            .push(format!("{} runs are more than the {MAX_RUNS} that GitHub takes", runs.len()));
    }
    let mut log = Log::of_all(runs);
    if fit::size(&log) > fit::MAX_BYTES {
        log.runs.iter_mut().for_each(tidy::prune);
    }
    fit::fit(&mut log, fit::MAX_BYTES);
    Merged { log, counts, failing, incomplete, warnings }
}

/// Whether a run did its work. `kube-linter` says that it failed when it found something, which is put
/// right: a host would refuse the log.
fn succeeded(run: &mut Run) -> bool {
    let confused = run.tool.driver.name == "kube-linter" && !run.results.is_empty();
    for invocation in &mut run.invocations {
        invocation.execution_successful |= confused;
    }
    run.invocations.iter().all(|invocation| invocation.execution_successful)
}

/// Leaves out what is no failure, gone, or suppressed.
fn sift(run: &mut Run, show_suppressed: bool, counts: &mut Counts) {
    run.results.retain_mut(|outcome| {
        if outcome.baseline_state == Some(BaselineState::Absent) {
            counts.gone += 1;
            return false;
        }
        if !is_failure(outcome) {
            counts.no_failures += 1;
            return false;
        }
        outcome.kind = None;
        if is_suppressed(outcome) {
            counts.suppressed += 1;
            return show_suppressed;
        }
        true
    });
}

/// Whether a result says that something is wrong. `review` with the level of an error contradicts the
/// standard, which has no level there; Kingfisher says so of every secret whose validity it did not
/// ask for, and means it.
fn is_failure(outcome: &Outcome) -> bool {
    match outcome.kind {
        None | Some(Kind::Fail) => true,
        Some(Kind::Review) => matches!(outcome.level, Level::Error | Level::Warning),
        Some(_) => false,
    }
}

/// Whether all that is said about suppressing it is accepted.
fn is_suppressed(outcome: &Outcome) -> bool {
    outcome.suppressions.as_ref().is_some_and(|all| {
        !all.is_empty() && all.iter().all(|each| each.status == SuppressionStatus::Accepted)
    })
}

/// Counts the results by severity; gives those that fail.
fn judge(run: &Run, fail_on: Severity, counts: &mut Counts) -> usize {
    let mut failing = 0;
    for outcome in run.results.iter().filter(|outcome| !is_suppressed(outcome)) {
        let rule = run.tool.driver.rules.get(outcome.rule_index);
        let severity = severity::of(outcome, rule);
        *counts.severities.entry(severity).or_insert(0) += 1;
        failing += usize::from(severity >= fail_on);
    }
    failing
}

#[cfg(test)]
mod tests;
