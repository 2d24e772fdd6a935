//! Trust anchors that are no certificates, and signatures by a key alone.

use crate::certificate::{Certificate, Issued};
use crate::der::{self, SEQUENCE};
use crate::public_key::{KeyFacts, sha256};
use crate::signature::verify;

/// A trust anchor as RFC 5280 §6.1.1 has it: a name and a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// As [`Certificate::subject_hash`].
    pub subject_hash: [u8; 32],
    /// The key.
    pub key: KeyFacts,
}

impl Anchor {
    /// Reads an anchor from the contents of its subject's and its key's SEQUENCE; none where the
    /// key is not one.
    #[must_use]
    pub fn from_contents(subject: &[u8], spki: &[u8]) -> Option<Self> {
        let subject_hash = sha256(&der::element(SEQUENCE, &[subject]));
        let key = KeyFacts::from_spki(&der::element(SEQUENCE, &[spki]))?;
        Some(Self { subject_hash, key })
    }

    /// Whether the anchor and the certificate are of one name and key.
    #[must_use]
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        self.subject_hash == certificate.subject_hash
            && self.key.spki_sha256 == certificate.key.spki_sha256
    }
}

impl Certificate {
    /// Whether the certificate was issued under this name and with this key: as
    /// [`Self::issued`], without a look at key identifiers.
    #[must_use]
    pub fn is_issued_by(&self, subject_hash: &[u8; 32], key: &KeyFacts) -> Issued {
        if self.issuer_hash != *subject_hash {
            return Issued::No;
        }
        verify(&self.der, &self.signature, key).into()
    }

    /// Whether a signature of this certificate's algorithm by this key can be checked here at all.
    #[must_use]
    pub fn is_checkable_with(&self, key: &KeyFacts) -> bool {
        self.signature.verifier(&key.kind).is_some()
    }
}
