//! Detectors of credentials as data: what a provider issues, how it is recognised, why it hurts
//! and where it is revoked.
//!
//! A file holds one provider. [`read`] turns it into [`Detectors`] and tells every mistake with
//! its place, so that the files of `policies/detectors` and those that a user writes are held to
//! the same schema. What the credential looks like is a [`Form`], a small part of what regular
//! expressions can say: literal text and counted classes of characters. It is all that tokens
//! need, and what makes the search one pass over literals.
//!
//! This crate finds nothing: `lint-secrets` compiles the forms and searches for them.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod example;
mod form;
mod judge;
mod manual;
mod read;

pub use example::{Example, whole};
pub use form::{Anchor, Form, Part};
pub use judge::JUDGES;
pub use read::{Problem, read, read_one};

use careen_rule::{Confidence, Severity};
use careen_text::Span;

/// The credentials of one provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detectors {
    /// The provider as it spells its name.
    pub provider: String,
    /// One rule for each kind of credential.
    pub rules: Vec<Detector>,
}

/// One kind of credential: one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detector {
    /// Kebab-case id of the rule.
    pub id: String,
    /// Where the id stands.
    pub place: Span,
    /// The defect in one line, without a full stop.
    pub summary: String,
    /// Why it hurts, and when it does not.
    pub about: String,
    /// Where it is revoked and what to do instead, in one sentence.
    pub remedy: String,
    /// How bad it is that the credential stands there.
    pub severity: Severity,
    /// How sure the rule is as a whole; single forms may differ.
    pub confidence: Confidence,
    /// Where to read more.
    pub references: Vec<String>,
    /// Other names for the rule.
    pub covers: Vec<String>,
    /// Names the peers have for it, as `tool:id`.
    pub peers: Vec<String>,
    /// CWE numbers.
    pub cwe: Vec<u16>,
    /// Whether the rule runs without being asked for.
    pub default: bool,
    /// What the credential looks like.
    pub forms: Vec<DetectorForm>,
    /// Lines in which it is found.
    pub find: Vec<Example>,
    /// Lines in which it is not.
    pub leave: Vec<Example>,
}

/// One form of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetectorForm {
    /// What a person calls it.
    pub kind: String,
    /// What stands where.
    pub form: Form,
    /// Lower-case words, one of which stands before it on its line. Without them the form has an
    /// anchor of its own.
    pub near: Vec<String>,
    /// The name of a closer look, one of [`JUDGES`].
    pub judge: Option<String>,
    /// How sure the form alone makes us.
    pub confidence: Confidence,
    /// Where it differs from the rule's.
    pub severity: Option<Severity>,
}
