use serde::Serialize;

use crate::{Phase, Proof, Status};

/// A control, decided.
#[derive(Clone, Debug, Serialize)]
pub struct ControlResult {
    /// Kebab-case id.
    pub id: String,
    /// What is asked for, in one line.
    pub title: String,
    /// Why it hurts in production to go without, in one sentence.
    pub why: String,
    /// The answer.
    pub status: Status,
    /// Why, in one sentence.
    pub reason: String,
    /// The smallest thing to do about it, in one sentence; empty if nothing is to be done.
    pub remedy: String,
    /// The role that must act, if it is not settled: `development`, `operations`, `dba`, `security`, `qa`,
    /// `product`.
    pub owner: String,
    /// When it can be known.
    pub phase: Phase,
    /// What speaks against it, the worst first.
    pub causes: Vec<Cause>,
    /// Causes beyond those listed.
    #[serde(skip_serializing_if = "is_zero")]
    pub more_causes: usize,
    /// What it rests on, in order.
    pub evidence: Vec<Proof>,
    /// Lines of the checklist that it answers.
    pub lines: Vec<u32>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Something that speaks against a control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// What is wrong, naming the object and the value.
    pub message: String,
    /// Where, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The rule that says so, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// `critical` to `info`, if it is a finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// What to do about this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The path as reported, `/`-separated.
    pub path: String,
    /// 1-based.
    pub line: u32,
    /// 1-based, in Unicode code points.
    pub column: u32,
}
