//! From a label and its bytes to what the block holds.

use std::sync::Arc;

use crate::der::{BIT_STRING, INTEGER, OID, Reader, SEQUENCE};
use crate::limits::{MAX_BUNDLE, MAX_KEY};
use crate::material::{Content, PemProblemKind};
use crate::openssh;
use crate::parse;
use crate::private_key::{Encryption, PrivateKey, PrivateKeyFormat};
use crate::public_key::KeyFacts;
use crate::request::Request;

/// id-signedData (RFC 5652 §5.1).
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];

/// What a label promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Certificate,
    /// OpenSSL's certificate with trust settings behind it.
    TrustedCertificate,
    Bundle,
    PrivateKey,
    PgpPrivateKey,
    PublicKey,
    Csr,
    Crl,
    DhParameters,
    Other,
}

impl Role {
    pub(crate) fn of(label: &str) -> Self {
        match label {
            "CERTIFICATE" | "X509 CERTIFICATE" => Self::Certificate,
            "TRUSTED CERTIFICATE" => Self::TrustedCertificate,
            "PKCS7" | "PKCS #7 SIGNED DATA" | "CMS" => Self::Bundle,
            "PGP PRIVATE KEY BLOCK" => Self::PgpPrivateKey,
            "PUBLIC KEY" | "RSA PUBLIC KEY" => Self::PublicKey,
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Self::Csr,
            "X509 CRL" => Self::Crl,
            "DH PARAMETERS" | "X9.42 DH PARAMETERS" => Self::DhParameters,
            _ if label == "PRIVATE KEY" || label.ends_with(" PRIVATE KEY") => Self::PrivateKey,
            _ => Self::Other,
        }
    }

    /// Whether the body is base64 that we look into.
    pub(crate) const fn is_der(self) -> bool {
        !matches!(self, Self::PgpPrivateKey | Self::Other)
    }

    /// The content of a block that is not looked into.
    pub(crate) fn unopened(self) -> Content {
        match self {
            Self::PgpPrivateKey => {
                Content::PrivateKey(PrivateKey::opaque(PrivateKeyFormat::Pgp, false))
            }
            _ => Content::Other,
        }
    }

    /// The content of a block that cannot be read.
    pub(crate) fn unread(self, reason: &str) -> Content {
        match self {
            Self::PrivateKey => {
                let problem = Some(reason.to_owned());
                let key = PrivateKey::opaque(PrivateKeyFormat::Other, false);
                Content::PrivateKey(PrivateKey { problem, ..key })
            }
            _ => Content::Unparsable { reason: reason.to_owned() },
        }
    }
}

/// What came out of a block.
#[derive(Default)]
pub(crate) struct Opened {
    pub(crate) contents: Vec<Content>,
    pub(crate) problems: Vec<(PemProblemKind, String)>,
}

impl Opened {
    fn limit(&mut self, words: String) {
        self.problems.push((PemProblemKind::Limit, words));
    }

    fn wrong(&mut self, label: &str, holds: &str) {
        let words = format!("PEM block `{label}` holds {holds}");
        self.problems.push((PemProblemKind::WrongContent, words));
    }

    /// Reads one certificate; says why there is none.
    fn certificate(&mut self, bytes: &[u8], may_trail: bool) -> Result<(), String> {
        let parsed = match parse::parse(bytes) {
            Ok(parsed) => parsed,
            Err(refusal) => {
                if refusal.limit {
                    self.limit(refusal.reason.clone());
                }
                return Err(refusal.reason);
            }
        };
        if parsed.trailing > 0 && !may_trail {
            let words =
                format!("{} bytes follow the certificate inside its PEM block", parsed.trailing);
            self.problems.push((PemProblemKind::TrailingData, words));
        }
        for limit in parsed.limits {
            self.limit(limit);
        }
        self.contents.push(Content::Certificate(Arc::new(parsed.certificate)));
        Ok(())
    }
}

/// Reads the bytes of a block.
pub(crate) fn open(role: Role, label: &str, bytes: &[u8], encrypted: bool) -> Opened {
    let mut opened = Opened::default();
    match role {
        Role::Certificate | Role::TrustedCertificate => {
            let may_trail = role == Role::TrustedCertificate;
            if let Err(reason) = opened.certificate(bytes, may_trail) {
                if let Some(key) = private_key(bytes) {
                    opened.wrong(label, "a private key");
                    opened.contents.push(Content::PrivateKey(key));
                } else {
                    opened.contents.push(Content::Unparsable { reason });
                }
            }
        }
        Role::PrivateKey => open_private_key(label, bytes, encrypted, &mut opened),
        Role::Bundle => bundle(bytes, &mut opened),
        Role::PublicKey => opened.contents.push(public_key(bytes)),
        Role::Csr => opened.contents.push(request(bytes)),
        Role::Crl => opened.contents.push(Content::Crl),
        Role::DhParameters => opened.contents.push(dh_parameters(bytes)),
        Role::PgpPrivateKey | Role::Other => opened.contents.push(role.unopened()),
    }
    opened
}

/// Reads a certificate without a label.
pub(crate) fn open_certificate(bytes: &[u8]) -> Opened {
    let mut opened = Opened::default();
    if let Err(reason) = opened.certificate(bytes, true) {
        opened.contents.push(Content::Unparsable { reason });
    }
    opened
}

/// Reads bytes without a label; none where they are nothing that is known here.
pub(crate) fn open_unlabelled(bytes: &[u8]) -> Option<Opened> {
    let mut opened = Opened::default();
    if let Some(key) = PrivateKey::from_der(bytes) {
        opened.contents.push(Content::PrivateKey(key));
    } else if is_signed_data(bytes) {
        bundle(bytes, &mut opened);
    } else if let Err(reason) = opened.certificate(bytes, true) {
        opened.contents.push(match outline(bytes)? {
            Role::Csr => request(bytes),
            Role::Crl => Content::Crl,
            _ => Content::Unparsable { reason },
        });
    }
    Some(opened)
}

/// The prime comes first in both forms (PKCS#3, X9.42).
fn dh_parameters(bytes: &[u8]) -> Content {
    let prime = Reader::within(bytes, SEQUENCE).and_then(|mut fields| fields.take(INTEGER));
    prime.map_or(Content::Other, |prime| Content::DhParameters { bits: crate::der::bits(prime) })
}

/// Tells a certificate, a request and a revocation list apart by their outlines. All are a
/// SEQUENCE of two SEQUENCEs and a BIT STRING; the first one's beginning differs (RFC 5280 §4.1
/// and §5.1, RFC 2986 §4).
fn outline(bytes: &[u8]) -> Option<Role> {
    const UTC_TIME: u8 = 0x17;
    const GENERALIZED_TIME: u8 = 0x18;
    let mut whole = Reader::within(bytes, SEQUENCE)?;
    let mut body = Reader::new(whole.take(SEQUENCE)?);
    whole.take(SEQUENCE)?;
    whole.take(BIT_STRING)?;
    let version = body.take(0xa0);
    let number = body.take(INTEGER);
    body.take(SEQUENCE)?;
    body.take(SEQUENCE)?;
    match body.peek() {
        // The validity.
        Some(SEQUENCE) => number.map(|_| Role::Certificate),
        Some(UTC_TIME | GENERALIZED_TIME) => version.is_none().then_some(Role::Crl),
        // The attributes, which some writers leave out.
        Some(0xa0) | None => (version.is_none() && number == Some(&[0])).then_some(Role::Csr),
        _ => None,
    }
}

fn is_signed_data(bytes: &[u8]) -> bool {
    Reader::within(bytes, SEQUENCE).and_then(|mut info| info.take(OID)) == Some(SIGNED_DATA)
}

/// `SubjectPublicKeyInfo`, or an `RSAPublicKey` (RFC 8017 §A.1.1).
fn public_key(bytes: &[u8]) -> Content {
    let fits = Some(bytes).filter(|bytes| bytes.len() <= MAX_KEY);
    let key = fits.and_then(|bytes| {
        KeyFacts::from_spki(bytes).or_else(|| KeyFacts::rsa_public(bytes, false))
    });
    key.map_or(Content::Other, Content::PublicKey)
}

fn request(bytes: &[u8]) -> Content {
    Request::from_der(bytes).map_or(Content::Other, |request| Content::Csr(Arc::new(request)))
}

fn private_key(bytes: &[u8]) -> Option<PrivateKey> {
    if bytes.len() > MAX_KEY {
        return None;
    }
    openssh::read(bytes).or_else(|| PrivateKey::from_der(bytes))
}

fn open_private_key(label: &str, bytes: &[u8], encrypted: bool, opened: &mut Opened) {
    if encrypted {
        let mut key = PrivateKey::opaque(PrivateKeyFormat::LegacyEncrypted, true);
        key.encryption = Some(Encryption::Rfc1421);
        opened.contents.push(Content::PrivateKey(key));
        return;
    }
    if bytes.len() > MAX_KEY {
        opened.limit(format!("private key is larger than {MAX_KEY} bytes"));
        opened.contents.push(Role::PrivateKey.unread("the private key is too large"));
        return;
    }
    if let Some(key) = private_key(bytes) {
        if !label_allows(label, key.format) {
            opened.wrong(label, &format!("a private key in {} form", form(key.format)));
        }
        opened.contents.push(Content::PrivateKey(key));
    } else if opened.certificate(bytes, true).is_ok() {
        opened.wrong(label, "a certificate");
    } else {
        opened.contents.push(Role::PrivateKey.unread("the private key cannot be read"));
    }
}

/// Whether a label is the one for a form. Labels of other tools promise nothing.
fn label_allows(label: &str, format: PrivateKeyFormat) -> bool {
    match label {
        "PRIVATE KEY" => format == PrivateKeyFormat::Pkcs8,
        "RSA PRIVATE KEY" => format == PrivateKeyFormat::Pkcs1,
        "EC PRIVATE KEY" => format == PrivateKeyFormat::Sec1,
        "DSA PRIVATE KEY" => format == PrivateKeyFormat::Dsa,
        "ENCRYPTED PRIVATE KEY" => format == PrivateKeyFormat::EncryptedPkcs8,
        "OPENSSH PRIVATE KEY" => format == PrivateKeyFormat::OpenSsh,
        _ => true,
    }
}

const fn form(format: PrivateKeyFormat) -> &'static str {
    match format {
        PrivateKeyFormat::Pkcs1 => "PKCS#1",
        PrivateKeyFormat::Pkcs8 => "PKCS#8",
        PrivateKeyFormat::Sec1 => "SEC 1",
        PrivateKeyFormat::OpenSsh => "OpenSSH",
        PrivateKeyFormat::EncryptedPkcs8 => "encrypted PKCS#8",
        PrivateKeyFormat::LegacyEncrypted => "encrypted RFC 1421",
        PrivateKeyFormat::Dsa => "DSA",
        PrivateKeyFormat::Pgp => "OpenPGP",
        PrivateKeyFormat::Other => "an unknown",
    }
}

/// The certificates of PKCS#7 signed data (RFC 2315 §9.1, RFC 5652 §5.1).
fn bundle(bytes: &[u8], opened: &mut Opened) {
    let certificates = Reader::within(bytes, SEQUENCE).and_then(|mut info| {
        info.take(OID).filter(|oid| *oid == SIGNED_DATA)?;
        let mut fields = Reader::within(info.take(0xa0)?, SEQUENCE)?;
        let (_version, _digests, _encapsulated) = (fields.next()?, fields.next()?, fields.next()?);
        fields.take(0xa0)
    });
    let mut certificates = Reader::new(certificates.unwrap_or_default());
    let mut count = 0;
    while let Some(element) = certificates.next() {
        if count == MAX_BUNDLE {
            opened.limit(format!("PKCS#7 bundle holds more than {MAX_BUNDLE} certificates"));
            break;
        }
        count += 1;
        if let Err(reason) = opened.certificate(element.raw, true) {
            opened.contents.push(Content::Unparsable { reason });
        }
    }
    if opened.contents.is_empty() {
        opened.contents.push(Content::Other);
    }
}
