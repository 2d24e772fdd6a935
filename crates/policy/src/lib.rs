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
mod options;
mod profiles;
mod selection;
mod signatures;

pub use config::{Config, Problem, read};
pub use options::{Told, options};
pub use profiles::{Profile, profile, profiles};
pub use selection::{Selection, SelectionError, answers};
pub use signatures::{SignatureRule, SignerWords, Word};
