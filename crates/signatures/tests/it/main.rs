//! Signatures of a Sigstore in miniature, found in a repository in memory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

mod bundles;
mod discovery;
mod forgery;
mod hostile;
mod policy;
mod sources;
mod verdicts;
mod world;
