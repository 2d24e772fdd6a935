use crate::{Kind, Measures};

/// Bytes of a report that is read at most.
pub const MOST_BYTES: u64 = 64 << 20;

/// Issues that are kept of a report.
pub const MOST_ISSUES: usize = 100;

/// What a report says.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Its format.
    pub kind: Kind,
    /// The program that made it, with its version if it says so.
    pub tool: Option<String>,
    /// When it was made, in Unix seconds: of several times, the earliest, so that nothing seems fresher than
    /// its oldest part.
    pub produced_at: Option<i64>,
    /// The commit it speaks of, in hexadecimal digits, if it says so.
    pub commit: Option<String>,
    /// What it speaks of: images by reference or `sha256:…` digest, projects, addresses, suites of tests.
    pub about: Vec<String>,
    /// What it measures.
    pub measures: Measures,
    /// What is wrong, the worst first, at most [`MOST_ISSUES`].
    pub issues: Vec<Issue>,
    /// Issues beyond those.
    pub more_issues: usize,
}

impl Evidence {
    /// Evidence that says nothing yet.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            tool: None,
            produced_at: None,
            commit: None,
            about: Vec::new(),
            measures: Measures::default(),
            issues: Vec::new(),
            more_issues: 0,
        }
    }

    /// Keeps an issue, or counts it.
    pub fn push(&mut self, issue: Issue) {
        if self.issues.len() < MOST_ISSUES {
            self.issues.push(issue);
        } else {
            self.more_issues += 1;
        }
    }
}

/// Something that a report finds wrong: a failed test, a vulnerability, a slow threshold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Its name: a test's, a rule's, `CVE-2026-1234`. At most 200 characters, one line.
    pub name: String,
    /// What is wrong, in one line of at most 300 characters. Never the output of a program, which may hold
    /// secrets.
    pub message: String,
}

/// Why something is no evidence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Trouble {
    /// 1-based, where it is known.
    pub line: Option<u32>,
    /// 1-based, in Unicode code points, where it is known.
    pub column: Option<u32>,
    /// What is wrong and what to do, in one sentence.
    pub message: String,
}

impl Trouble {
    /// Trouble with the whole.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { line: None, column: None, message: message.into() }
    }
}
