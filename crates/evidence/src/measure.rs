use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Something that a report measures. Ratios are between 0 and 1, times are in milliseconds, all others
/// are counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Lines of code that tests reach, as a ratio.
    LineCoverage,
    /// Branches of code that tests reach, as a ratio.
    BranchCoverage,
    /// Test cases, all of them.
    Tests,
    /// Test cases that failed.
    Failures,
    /// Test cases that could not run to their end.
    Errors,
    /// Test cases that were left out.
    Skipped,
    /// Findings or vulnerabilities of that severity that are not suppressed or declared harmless.
    Critical,
    /// See [`Critical`](Self::Critical). A SARIF result of level `error` without a severity counts here.
    High,
    /// See [`Critical`](Self::Critical). A SARIF result of level `warning` counts here.
    Medium,
    /// See [`Critical`](Self::Critical). A SARIF result of level `note` counts here.
    Low,
    /// Findings whose severity is not told.
    Unrated,
    /// Findings that are suppressed, or declared harmless.
    Suppressed,
    /// Results of level `error`, or conditions of a gate that failed.
    ErrorLevel,
    /// Whether a gate is passed: 1 or 0.
    Gate,
    /// Requests of a load test.
    Requests,
    /// Requests that failed, as a ratio.
    ErrorRate,
    /// Mean latency.
    Mean,
    /// The latency that half of the requests stay within.
    P50,
    /// The latency that 90 of 100 requests stay within.
    P90,
    /// The latency that 95 of 100 requests stay within.
    P95,
    /// The latency that 99 of 100 requests stay within.
    P99,
    /// The largest latency.
    Max,
    /// Thresholds of the report's own that failed.
    Thresholds,
    /// The highest complexity of a function.
    Complexity,
    /// A score between 0 and 10.
    Score,
    /// Changes that were looked at.
    Changes,
    /// Changes that nobody but their author approved.
    Unreviewed,
    /// Objects of a cluster.
    Objects,
}

/// How a measure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Ratio,
    Milliseconds,
    Count,
}

impl Measure {
    /// All measures.
    pub const ALL: [Self; 28] = [
        Self::LineCoverage,
        Self::BranchCoverage,
        Self::Tests,
        Self::Failures,
        Self::Errors,
        Self::Skipped,
        Self::Critical,
        Self::High,
        Self::Medium,
        Self::Low,
        Self::Unrated,
        Self::Suppressed,
        Self::ErrorLevel,
        Self::Gate,
        Self::Requests,
        Self::ErrorRate,
        Self::Mean,
        Self::P50,
        Self::P90,
        Self::P95,
        Self::P99,
        Self::Max,
        Self::Thresholds,
        Self::Complexity,
        Self::Score,
        Self::Changes,
        Self::Unreviewed,
        Self::Objects,
    ];

    /// The word users write.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LineCoverage => "line-coverage",
            Self::BranchCoverage => "branch-coverage",
            Self::Tests => "tests",
            Self::Failures => "failures",
            Self::Errors => "errors",
            Self::Skipped => "skipped",
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Unrated => "unrated",
            Self::Suppressed => "suppressed",
            Self::ErrorLevel => "error-level",
            Self::Gate => "gate",
            Self::Requests => "requests",
            Self::ErrorRate => "error-rate",
            Self::Mean => "mean",
            Self::P50 => "p50",
            Self::P90 => "p90",
            Self::P95 => "p95",
            Self::P99 => "p99",
            Self::Max => "max",
            Self::Thresholds => "thresholds",
            Self::Complexity => "complexity",
            Self::Score => "score",
            Self::Changes => "changes",
            Self::Unreviewed => "unreviewed",
            Self::Objects => "objects",
        }
    }

    pub(crate) const fn unit(self) -> Unit {
        match self {
            Self::LineCoverage | Self::BranchCoverage | Self::ErrorRate => Unit::Ratio,
            Self::Mean | Self::P50 | Self::P90 | Self::P95 | Self::P99 | Self::Max => {
                Unit::Milliseconds
            }
            _ => Unit::Count,
        }
    }

    /// Whether more of it is better; of most, less is.
    pub(crate) const fn is_better_high(self) -> bool {
        matches!(
            self,
            Self::LineCoverage
                | Self::BranchCoverage
                | Self::Tests
                | Self::Gate
                | Self::Requests
                | Self::Score
                | Self::Changes
                | Self::Objects
        )
    }

    /// The value with its unit, for people: `83.1 %`, `212 ms`, `3`.
    #[must_use]
    pub fn show(self, value: f64) -> String {
        let (value, unit) = match self.unit() {
            Unit::Ratio => (value * 100.0, " %"),
            Unit::Milliseconds => (value, " ms"),
            Unit::Count => (value, ""),
        };
        let mut text = format!("{value:.2}");
        if text.contains('.') {
            let kept = text.trim_end_matches('0').trim_end_matches('.').len();
            text.truncate(kept);
        }
        text + unit
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Measure {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|measure| measure.as_str() == word).ok_or(())
    }
}

/// What a report measures. What it does not say is not there: no measure is 0 by default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures(BTreeMap<Measure, f64>);

impl Measures {
    /// Sets a measure. What is no number, or not finite, is left out.
    pub fn set(&mut self, measure: Measure, value: f64) {
        if value.is_finite() {
            self.0.insert(measure, value);
        }
    }

    /// Adds to a measure, from 0.
    pub fn add(&mut self, measure: Measure, value: f64) {
        let sum = self.get(measure).unwrap_or(0.0) + value;
        self.set(measure, sum);
    }

    /// A measure, if the report says it.
    #[must_use]
    pub fn get(&self, measure: Measure) -> Option<f64> {
        self.0.get(&measure).copied()
    }

    /// All measures, in the order of [`Measure`].
    pub fn iter(&self) -> impl Iterator<Item = (Measure, f64)> {
        self.0.iter().map(|(measure, value)| (*measure, *value))
    }

    /// All measures as words: `p99 212 ms, error-rate 0.02 %`.
    #[must_use]
    pub fn show(&self) -> String {
        let words: Vec<_> = self
            .iter()
            .map(|(measure, value)| format!("{measure} {}", measure.show(value)))
            .collect();
        words.join(", ")
    }
}
