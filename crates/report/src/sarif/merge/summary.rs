//! What a merge did, in a few lines.

use std::collections::BTreeMap;

use careen_rule::Severity;
use careen_sarif::Log;
use careen_text::sanitize_line;

use crate::words::{count, cut};

/// Runs that are named.
const MAX_NAMED: usize = 10;
/// Characters of a tool's name.
const MAX_NAME: usize = 40;

/// What became of results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) logs: usize,
    /// Said twice by one tool.
    pub(super) duplicates: usize,
    /// Told by us too.
    pub(super) peers: usize,
    pub(super) suppressed: usize,
    /// `kind` is not `fail`.
    pub(super) no_failures: usize,
    /// `baselineState` is `absent`.
    pub(super) gone: usize,
    /// Name no file. They count.
    pub(super) nowhere: usize,
    /// Of secrets: nothing of the file is shown.
    pub(super) redacted: usize,
    /// What counts.
    pub(super) severities: BTreeMap<Severity, usize>,
}

impl Counts {
    pub(super) fn lines(&self, log: &Log) -> Vec<String> {
        let results = log.runs.iter().map(|run| run.results.len()).sum();
        let tools = log.runs.iter().take(MAX_NAMED).map(|run| {
            let name = cut(&run.tool.driver.name, MAX_NAME).into_owned();
            format!("{} {}", sanitize_line(&name), run.results.len())
        });
        let mut tools: Vec<String> = tools.collect();
        if log.runs.len() > MAX_NAMED {
            tools.push("…".to_owned());
        }
        let mut lines = vec![format!(
            "merged {} into {}: {} ({})",
            count(self.logs, "log", "logs"),
            count(log.runs.len(), "run", "runs"),
            count(results, "result", "results"),
            tools.join(", ")
        )];
        let left_out = [
            (self.duplicates, "said twice"),
            (self.peers, "found by careen too"),
            (self.suppressed, "suppressed"),
            (self.no_failures, "no failures"),
            (self.gone, "gone since the baseline"),
            (self.nowhere, "without a file, which hosts cannot show"),
        ];
        let left_out = some(&left_out);
        if !left_out.is_empty() {
            lines.push(format!("left out: {left_out}"));
        }
        if self.redacted > 0 {
            lines.push(format!(
                "{} shown without lines of the file",
                count(self.redacted, "secret of another tool is", "secrets of other tools are")
            ));
        }
        let severities: Vec<(usize, &str)> = self
            .severities
            .iter()
            .rev()
            .map(|(severity, &number)| (number, severity.as_str()))
            .collect();
        let severities = some(&severities);
        if !severities.is_empty() {
            lines.push(severities);
        }
        lines
    }
}

/// `3 critical, 1 low`: those there are.
fn some(counts: &[(usize, &str)]) -> String {
    let some = counts.iter().filter(|(number, _)| *number > 0);
    some.map(|(number, words)| format!("{number} {words}")).collect::<Vec<_>>().join(", ")
}
