//! Verifies signatures and attestations of container images.
//!
//! [`Verifier::evidence`] looks where signatures may lie, checks each, and says what became of it;
//! a rule decides what that means. [`verify_bundle`] checks one bundle over one artifact.
//!
//! The cryptography is that of `sigstore-verify`, which is used in `sigstore` only. Nothing here
//! opens a file or a connection: documents come from an `ImageSource`, keys and trusted roots from
//! the [`Policy`].

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod bundle;
mod discovery;
mod judge;
mod key;
mod legacy;
mod limits;
mod pattern;
mod payload;
mod policy;
mod sigstore;
mod statement;
mod verifier;

pub use bundle::{Artifact, Expectation, Verified, verify_bundle};
pub use key::PublicKey;
pub use pattern::{ImagePattern, Pattern, PatternError};
pub use policy::{IdentityRule, Policy, PolicyRule, TrustedRoot};
pub use statement::predicate_type;
pub use verifier::{RootError, Verifier};
