//! The only module that uses the crates of sigstore-rust, whose interface breaks often. What leaves
//! it are types of our own.
//!
//! The library looks at the system's clock itself, for one thing only: to refuse what a log or a
//! key says of the future.

mod failure;
mod parsed;
mod proof;
mod root;

pub(crate) use failure::Failure;
pub(crate) use parsed::{Content, Parsed, Refusal};
pub(crate) use proof::{Proof, keyed, keyed_as, keyless, keyless_as};
pub(crate) use root::Root;

/// The `SubjectPublicKeyInfo` in a PEM.
pub(crate) fn spki_of_pem(text: &str) -> Option<Vec<u8>> {
    sigstore_types::DerPublicKey::from_pem(text).ok().map(sigstore_types::DerPublicKey::into_bytes)
}

/// What is said to be signed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Material<'a> {
    /// All of it.
    Bytes(&'a [u8]),
    /// Its SHA-256.
    Sha256([u8; 32]),
}

impl<'a> Material<'a> {
    fn artifact(self) -> sigstore_types::Artifact<'a> {
        match self {
            Self::Bytes(bytes) => sigstore_types::Artifact::from_blob(bytes),
            Self::Sha256(digest) => {
                sigstore_types::Artifact::from_digest(sigstore_types::Sha256Hash::new(digest))
            }
        }
    }
}
