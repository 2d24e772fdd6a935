use serde::Serialize;

use crate::{Phase, Proof, Status};

/// A line of the checklist, answered.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// The line in the checklist, 1-based.
    pub line: u32,
    /// What the line says, without its box and without comments.
    pub text: String,
    /// The headings above it, the outermost first.
    pub section: Vec<String>,
    /// The answer.
    pub status: Status,
    /// Why, in one sentence.
    pub reason: String,
    /// Ids of what decides it, in the order of the binding. An item that is bound to rules, evidence or a
    /// sign-off directly has a control of its own: `line-12`.
    pub controls: Vec<String>,
    /// What it rests on.
    pub evidence: Vec<Proof>,
    /// When it can be known.
    pub phase: Phase,
    /// Whether the box is ticked in the file. It proves nothing.
    pub ticked: bool,
    /// What the words of an unbound item may mean: ids of controls, the likeliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proposals: Vec<String>,
}
