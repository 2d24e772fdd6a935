//! Public keys wherever they stand, with what their numbers say against them.

use std::collections::BTreeSet;
use std::fmt;

use careen_model::Bundle;
use careen_rule::{Finding, Severity, Sink};
use careen_x509_model::{
    Certificate, Content, Item, KeyFacts, PrivateKey, PrivateWeakness, Request, San,
};

use crate::BundleSite;
use crate::held::body;
use crate::names::{Called, Shown, evidence};
use crate::role::is_text;
use crate::weakness::RsaVerdict;

/// A public key in its bundle.
#[derive(Clone, Copy, Debug)]
pub struct PublicKeySite<'a> {
    /// The bundle.
    pub bundle: &'a BundleSite<'a>,
    /// The block.
    pub item: &'a Item,
    /// The key.
    pub key: &'a KeyFacts,
    /// What holds it.
    pub holder: KeyHolder<'a>,
    /// What the arithmetic says; none of keys that are not RSA.
    pub verdict: Option<RsaVerdict>,
}

/// What holds a public key.
#[derive(Clone, Copy, Debug)]
pub enum KeyHolder<'a> {
    /// A certificate.
    Certificate(&'a Certificate),
    /// A private key, whose public half it is.
    PrivateKey(&'a PrivateKey),
    /// Nothing: it stands for itself.
    PublicKey,
    /// A certification request.
    Request(&'a Request),
}

impl fmt::Display for KeyHolder<'_> {
    /// For the start of a message: "certificate for `shop.example.com`", "private key".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(certificate) => write!(f, "{}", Called(certificate)),
            Self::PrivateKey(_) => f.write_str("private key"),
            Self::PublicKey => f.write_str("public key"),
            Self::Request(request) => {
                let dns = request.san.iter().find_map(|name| match name {
                    San::Dns(name) => Some(name),
                    _ => None,
                });
                match dns.or(request.common_names.first()) {
                    Some(name) => write!(f, "certificate request for `{}`", Shown(name)),
                    None => f.write_str("certificate request"),
                }
            }
        }
    }
}

impl PublicKeySite<'_> {
    /// The verdict on an RSA key, where there is one.
    pub(crate) fn verdict(&self) -> RsaVerdict {
        self.verdict.unwrap_or_default()
    }

    /// Whether the private numbers beside it have a weakness.
    pub(crate) fn has(&self, weakness: PrivateWeakness) -> bool {
        match self.holder {
            KeyHolder::PrivateKey(key) => key.weaknesses.contains(&weakness),
            _ => false,
        }
    }

    /// Reports at the BEGIN line; the message starts with what holds the key. In programs and
    /// texts the finding is Medium at most.
    pub(crate) fn report<'s>(&self, out: &'s mut Sink<'_>, message: &str) -> &'s mut Finding {
        let finding = out.report(self.item.place, format!("{} {message}", self.holder));
        if is_text(self.bundle.file) {
            finding.severity(finding.severity.min(Severity::Medium));
        }
        // A certificate is renewed with another key; a key of its own is another one.
        finding.evidence(match self.holder {
            KeyHolder::Certificate(certificate) => evidence(certificate),
            _ => {
                let mut key = self.key.spki_sha256_hex();
                key.truncate(16);
                key
            }
        });
        if matches!(self.holder, KeyHolder::PrivateKey(_)) {
            finding.secret(body(self.item));
        }
        finding
    }
}

/// The keys of a bundle, each with its block and what holds it.
pub(crate) fn keys_of(bundle: &Bundle) -> impl Iterator<Item = (&Item, &KeyFacts, KeyHolder<'_>)> {
    bundle.material.items.iter().filter_map(|item| {
        let (key, holder) = match &item.content {
            Content::Certificate(certificate) => {
                (&certificate.key, KeyHolder::Certificate(certificate))
            }
            Content::PrivateKey(key) => (key.key.as_ref()?, KeyHolder::PrivateKey(key)),
            Content::PublicKey(key) => (key, KeyHolder::PublicKey),
            Content::Csr(request) => (&request.key, KeyHolder::Request(request)),
            _ => return None,
        };
        Some((item, key, holder))
    })
}

/// The keys of a bundle that are not among those of the file that were judged already.
pub(crate) fn of<'a>(
    bundle: &'a BundleSite<'a>,
    judged: &mut BTreeSet<[u8; 32]>,
) -> impl Iterator<Item = PublicKeySite<'a>> {
    let fresh = keys_of(bundle.bundle).filter(|(_, key, _)| judged.insert(key.spki_sha256));
    fresh.map(move |(item, key, holder)| {
        let verdict = RsaVerdict::of(key);
        PublicKeySite { bundle, item, key, holder, verdict }
    })
}
