//! What decides which rules count: the embedded profiles and the user's `careen.yaml`.
//!
//! The embedded tables are generated from `policies/` and cost nothing at start-up. The user's
//! file is read through the spanned tree, so that a mistake shows its place.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod config;
mod demands;
mod globs;
mod ignores;
mod keys;
mod names;
mod options;
mod place;
mod profiles;
mod selection;
mod signatures;

pub use config::{AuditConfig, AuditControl, Config, Ignored, Override, read};
pub use demands::{Demands, Requirements, owner_in};
pub use globs::{Anchor, Patterns};
pub use ignores::{IgnoreEntry, Ignores, IgnoresOfPath};
pub use keys::{Key, Keys, ROOT, Shape, TextKind};
pub use names::{SelectionError, answers, unknown_names};
pub use options::{Told, options};
pub use place::{Place, Problem, Word};
pub use profiles::{Profile, profile, profiles};
pub use selection::{Because, Selection, SelectionOfPath};
pub use signatures::{SignatureRule, SignerWords};
