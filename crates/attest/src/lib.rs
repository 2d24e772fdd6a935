//! Sign-offs and waivers, and who signed them.
//!
//! A sign-off is a YAML file in `.careen/sign-offs`, a waiver one in `.careen/waivers`; a signature over
//! the very bytes of it stands beside it, in the format of `ssh-keygen -Y sign` (namespace [`NAMESPACE`]),
//! so that anybody can verify it without this program. [`read`] reads them all and says of each what stands behind it:
//! a key that may sign in that role, nothing but the file, or a signature that does not hold. This crate
//! opens no files and looks at no clock.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::print_stderr,
        reason = "a failed test is meant to panic, and a skipped one says so"
    )
)]

mod attestation;
mod fields;
mod moment;
mod names;
mod pattern;
mod quote;
mod read;
mod roles;
mod sign_off;
mod signature;
mod signers;
#[cfg(test)]
mod tests;
mod verify;
mod vouch;
mod waiver;

pub use attestation::{Attestations, Document, EvidenceHash, SignOff, Trouble, Waiver};
pub use names::{is_control, is_principal, is_role, sign_off_path, waiver_path};
pub use read::read;
pub use roles::Roles;
pub use signature::signer_line;
pub use signers::Signers;

/// What a signature is for, so that one made for something else proves nothing here.
pub const NAMESPACE: &str = "careen";

/// Bytes of a sign-off, a waiver, a signature or a file of roles.
pub const MOST_BYTES: usize = 64 << 10;
/// Bytes of a file of allowed signers.
pub const MOST_SIGNER_BYTES: usize = 1 << 20;
