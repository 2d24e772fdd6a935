//! Who issued whom among some certificates, each signature checked once and only so many at all.

use std::collections::BTreeMap;

use careen_x509_model::{Certificate, Issued};

/// Signatures that are checked for one path; Go and webpki stop there as well.
const MOST_SIGNATURES: usize = 100;

/// What one certificate is to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// Its issuer.
    Issuer,
    /// Its issuer by name and signature, while key identifiers or serial numbers differ.
    Unfit,
    /// Its issuer by name, while the signature cannot be checked here.
    Unchecked,
    /// Of its issuer's name, with another key.
    Namesake,
    /// Nothing.
    Stranger,
}

impl Link {
    /// Whether a path may lead on there.
    pub(crate) const fn leads_on(self) -> bool {
        matches!(self, Self::Issuer | Self::Unfit | Self::Unchecked)
    }
}

/// The links among the certificates of a pool.
#[derive(Debug)]
pub(crate) struct Links<'a> {
    pub(crate) pool: &'a [&'a Certificate],
    known: BTreeMap<(usize, usize), Link>,
    left: usize,
    spent: bool,
}

impl<'a> Links<'a> {
    pub(crate) const fn new(pool: &'a [&'a Certificate]) -> Self {
        Self { pool, known: BTreeMap::new(), left: MOST_SIGNATURES, spent: false }
    }

    /// What the certificate at `issuer` is to the one at `child`. None where that would take more
    /// signatures than may be checked.
    pub(crate) fn between(&mut self, child: usize, issuer: usize) -> Option<Link> {
        let (lower, upper) = (self.pool.get(child)?, self.pool.get(issuer)?);
        if lower.issuer_hash != upper.subject_hash || lower.sha256 == upper.sha256 {
            return Some(Link::Stranger);
        }
        if let Some(&link) = self.known.get(&(child, issuer)) {
            return Some(link);
        }
        if self.left == 0 {
            self.spent = true;
            return None;
        }
        self.left -= 1;
        let link = match lower.is_issued_by(&upper.subject_hash, &upper.key) {
            Issued::Yes if identifiers(lower, upper).is_some() => Link::Unfit,
            Issued::Yes => Link::Issuer,
            Issued::UnsupportedAlgorithm if identifiers(lower, upper).is_some() => Link::Namesake,
            Issued::UnsupportedAlgorithm => Link::Unchecked,
            Issued::NamesOnly => Link::Namesake,
            Issued::No => Link::Stranger,
        };
        self.known.insert((child, issuer), link);
        Some(link)
    }

    /// Whether there was more to check than may be.
    pub(crate) const fn is_spent(&self) -> bool {
        self.spent
    }
}

/// What authorityKeyIdentifier says of the issuer that is not so (RFC 5280 §4.2.1.1).
pub(crate) fn identifiers(child: &Certificate, issuer: &Certificate) -> Option<&'static str> {
    if let (Some(wanted), Some(own)) = (&child.authority_key_id, &issuer.subject_key_id)
        && wanted != own
    {
        return Some("subjectKeyIdentifier");
    }
    let serial = child.authority_serial()?;
    (serial != issuer.serial).then_some("serial number")
}
