use serde::Serialize;

use crate::{
    Changes, Comparison, ControlResult, EvidenceRecord, Item, Phase, SignOffRecord, Subject,
    Verdict, WaiverRecord,
};

/// The name and version of the contract.
pub const SCHEMA: &str = "careen-audit/1";

/// An audit, judged.
#[derive(Clone, Debug, Serialize)]
pub struct Audit {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Who made it.
    pub tool: Tool,
    /// The moment everything was judged at, in Unix seconds.
    pub at: i64,
    /// What was due at that moment.
    pub phase: Phase,
    /// The answer.
    pub verdict: Verdict,
    /// What was judged.
    pub subject: Subject,
    /// Every line of the checklist, in its order.
    pub items: Vec<Item>,
    /// Every control that an item is bound to, in the order of the checklist, each once.
    pub controls: Vec<ControlResult>,
    /// Every piece of evidence, used or not, in order of path.
    pub evidence: Vec<EvidenceRecord>,
    /// Every sign-off, the oldest first.
    pub sign_offs: Vec<SignOffRecord>,
    /// Every waiver, the one that expires first before the others.
    pub waivers: Vec<WaiverRecord>,
    /// What was not looked at, and what could not be read, in order.
    pub unseen: Vec<Unseen>,
    /// What changed since the last release, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
    /// What changed since another audit, if one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
}

impl Audit {
    /// The control of that id.
    #[must_use]
    pub fn control(&self, id: &str) -> Option<&ControlResult> {
        self.controls.iter().find(|control| control.id == id)
    }

    /// The controls that hold the release up, in the order of the checklist.
    pub fn blockers(&self) -> impl Iterator<Item = &ControlResult> {
        self.verdict.blockers.iter().filter_map(|id| self.control(id))
    }

    /// Whether a status of that phase holds the release up.
    #[must_use]
    pub fn is_due(&self, phase: Phase) -> bool {
        phase <= self.phase
    }
}

/// The program that made an audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tool {
    /// `careen`.
    pub name: String,
    /// Semantic version.
    pub version: String,
}

/// Something that was not looked at, or that is wrong with what the audit rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unseen {
    /// The file, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The line, 1-based, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What, and what to do about it.
    pub message: String,
    /// Whether the audit is incomplete for it.
    pub incomplete: bool,
}
