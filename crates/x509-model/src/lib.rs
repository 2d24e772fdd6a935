//! PEM, certificates and keys as owned facts.
//!
//! [`scan`] reads every PEM block of a text and leads each back to its exact place in the file.
//! Certificates become [`Certificate`]s, private keys become [`PrivateKey`]s that hold their
//! public half and nothing else: [`KeyFacts::spki_sha256`] says which belong together. Whatever
//! is malformed is named, not refused. This crate judges nothing, looks at no clock and does no
//! I/O; its [`limits`] bound what hostile input can cost.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod anchor;
mod armor;
mod binary;
mod body;
mod certificate;
mod constraints;
mod content;
mod der;
mod encoding;
mod host;
pub mod limits;
mod material;
mod name;
mod openssh;
mod outline;
mod parse;
mod private_key;
mod public_key;
mod request;
mod revocation;
mod rsa_private;
mod signature;
mod store;
mod time;

pub use anchor::Anchor;
pub use armor::has_pem;
pub use binary::{is_binary_material, read_binary};
pub use body::Form;
pub use certificate::{
    BasicConstraints, Certificate, ExtendedKeyUsage, Extension, Issued, KeyUsage, San,
};
pub use constraints::{NameConstraints, Subtree};
pub use encoding::{
    AlgorithmDefect, AlgorithmPlace, ConstraintDefect, ConstraintKind, Defect, DefectKind,
    Encoding, Exponent,
};
pub use material::{Content, Item, Material, PemProblem, PemProblemKind, scan};
pub use openssh::has_ssh_key;
pub use private_key::{Encryption, PrivateKey, PrivateKeyFormat};
pub use public_key::{Curve, KeyFacts, KeyKind};
pub use request::Request;
pub use revocation::Purpose;
pub use rsa_private::PrivateWeakness;
pub use signature::SignatureFacts;
pub use store::{
    EntryId, EntryKind, MAX_ENTRIES, MAX_ITERATIONS, MAX_MEMORY, Mac, PASSWORDS, Protection, Store,
    StoreEntry, StoreKind,
};

#[cfg(test)]
mod tests;
