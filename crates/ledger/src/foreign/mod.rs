//! What files of other secret scanners accept. It holds for findings of secrets only.
//!
//! Somebody who comes from another tool has looked at its findings already; what was accepted there
//! is not to be looked at again. Where a file's conditions cannot be told here, such as the commit
//! that a finding is from, it accepts less, never more.

mod detect_secrets;
mod gitleaks;
mod gitleaks_ignore;
mod patterns;

use std::sync::Arc;

use careen_rule::{Note, NoteKind};
use detect_secrets::DetectSecrets;
use gitleaks::Gitleaks;
use gitleaks_ignore::GitleaksIgnore;

use crate::Subject;

/// The files there are, at the root of a repository.
pub const FILES: &[&str] = &[
    ".gitleaks.toml",
    ".gitleaksignore",
    ".betterleaks.toml",
    ".betterleaksignore",
    ".secrets.baseline",
];

/// What one of the [`FILES`] accepts.
#[derive(Debug)]
pub struct Foreign {
    /// The file's name.
    pub name: Arc<str>,
    accepts: Kind,
}

#[derive(Debug)]
enum Kind {
    DetectSecrets(DetectSecrets),
    Gitleaks(Gitleaks),
    GitleaksIgnore(GitleaksIgnore),
}

impl Foreign {
    /// Reads one of the [`FILES`], and says what of it does not hold here. None if it is not what
    /// its name says.
    #[must_use]
    pub fn read(name: &str, text: &str) -> (Option<Self>, Vec<Note>) {
        let mut problems = Vec::new();
        let accepts = if name.ends_with(".toml") {
            Gitleaks::read(text, &mut problems).map(Kind::Gitleaks)
        } else if name.ends_with(".baseline") {
            DetectSecrets::read(text, &mut problems).map(Kind::DetectSecrets)
        } else {
            Some(Kind::GitleaksIgnore(GitleaksIgnore::read(text, &mut problems)))
        };
        let note = |message| Note::about(NoteKind::Suppression, name, message);
        let read = accepts.map(|accepts| Self { name: name.into(), accepts });
        (read, problems.into_iter().map(note).collect())
    }

    /// The reason why a finding is accepted, which may be empty; none if it is not.
    #[must_use]
    pub fn accepts(&self, subject: &Subject<'_>) -> Option<String> {
        if subject.secrets.is_empty() {
            return None;
        }
        match &self.accepts {
            Kind::DetectSecrets(file) => file.accepts(subject),
            Kind::Gitleaks(file) => file.accepts(subject),
            Kind::GitleaksIgnore(file) => file.accepts(subject).then(String::new),
        }
    }
}

/// Whether what Gitleaks or its successor calls `id` is what our rule finds. Its generic rule finds
/// what we may know better, and what none of our rules is named after may be any of them.
fn is_gitleaks_rule(subject: &Subject<'_>, id: &str) -> bool {
    if id == "generic-api-key" {
        return true;
    }
    ["gitleaks", "betterleaks"].iter().any(|tool| {
        subject
            .rule
            .peers
            .iter()
            .any(|peer| peer.strip_prefix(tool).and_then(|peer| peer.strip_prefix(':')) == Some(id))
    })
}

#[cfg(test)]
mod tests;
