use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use careen_attest::Attestations;
use careen_audit_model::{Phase, Subject, Tag, Tool, Unseen};
use careen_checklist::Checklist;
use careen_evidence::{Evidence, Record, Trouble};
use careen_rule::Report;

use crate::{Definition, Survey};

/// Everything an audit is decided from.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// The checklist, with all its bindings.
    pub checklist: &'a Checklist,
    /// The controls there are.
    pub definitions: &'a [Definition],
    /// What was configured for controls, by id.
    pub adjustments: &'a BTreeMap<String, Adjustment>,
    /// What the linters found.
    pub report: &'a Report,
    /// Ids of the rules that ran.
    pub ran: &'a BTreeSet<&'static str>,
    /// What there is.
    pub survey: &'a Survey,
    /// What Git says.
    pub standing: &'a Standing,
    /// The reports, in order of path.
    pub pieces: &'a [Piece],
    /// What people said.
    pub attestations: &'a Attestations,
    /// Whether somebody may sign: then what nobody signed waives nothing.
    pub somebody_may_sign: bool,
    /// What is judged.
    pub subject: Subject,
    /// What could not be looked at or read before this.
    pub unseen: Vec<Unseen>,
    /// The moment of judgement, in Unix seconds.
    pub now: i64,
    /// What is due.
    pub phase: Phase,
    /// Who judges.
    pub tool: Tool,
}

/// What a user changes about a control.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Adjustment {
    /// Why the control does not apply here, if it does not.
    pub not_applicable: Option<String>,
    /// What reports must say instead of what the control asks, by measure.
    pub claims: Vec<careen_evidence::Claim>,
    /// Seconds after which evidence and sign-offs are stale, instead of the control's own.
    pub max_age: Option<i64>,
}

/// A report that was given as evidence.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The path as reported.
    pub path: Arc<str>,
    /// The path relative to the audited folder, by which records and demands name it.
    pub within: Arc<str>,
    /// Digest of its bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// Its bytes.
    pub size: u64,
    /// What is said of it beside it.
    pub record: Option<Record>,
    /// What it says, or why it cannot be read.
    pub outcome: Outcome,
    /// Its text, kept of dumps of a cluster only.
    pub text: Option<String>,
}

/// What became of reading a report.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// What it says.
    Read(Evidence),
    /// No format of ours. A file that nobody recorded may be anything.
    Unknown,
    /// It cannot be read.
    Broken(Trouble),
}

/// What Git says of what is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The commit that is checked out, in full.
    pub commit: Option<String>,
    /// When it was committed, in Unix seconds.
    pub committed_at: Option<i64>,
    /// Whether files differ from it, evidence and words of people aside.
    pub dirty: bool,
    /// The release before it.
    pub previous: Option<Tag>,
    /// Commits since then: id, first line, whether somebody else reviewed it.
    pub since: Vec<(String, String, bool)>,
    /// Whether the history ends before the release does.
    pub cut: bool,
    /// Other commits that hold the same, evidence and words of people aside.
    pub same_content: BTreeSet<String>,
}

impl Standing {
    /// Whether what is said of a commit holds for what is judged.
    pub(crate) fn is_about(&self, commit: &str) -> bool {
        let is = |own: &str| commit.len() >= 7 && own.starts_with(&commit.to_ascii_lowercase());
        !self.dirty
            && (self.commit.as_deref().is_some_and(is) || self.same_content.contains(commit))
    }
}
