//! What a certificate says, as owned facts.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use crate::der::{self, Reader, SEQUENCE};
use crate::encoding::Encoding;
use crate::public_key::KeyFacts;
use crate::signature::{SignatureFacts, Verification, verify};

/// A name in subjectAltName (RFC 5280 §4.2.1.6), as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum San {
    /// dNSName.
    Dns(String),
    /// iPAddress of four or sixteen bytes.
    Ip(IpAddr),
    /// uniformResourceIdentifier, such as a SPIFFE id.
    Uri(String),
    /// rfc822Name.
    Email(String),
    /// Any other kind, or one whose bytes do not fit its kind; the text names the kind.
    Other(String),
}

/// basicConstraints (RFC 5280 §4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the subject may issue certificates.
    pub ca: bool,
    /// Most intermediate certificates that may follow below.
    pub path_len: Option<u32>,
    /// Whether the extension is critical.
    pub critical: bool,
}

/// keyUsage (RFC 5280 §4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage {
    /// Bit *i* of the standard's list is bit *i* here: digitalSignature is 1, keyCertSign is 32.
    pub flags: u16,
    /// Whether the extension is critical.
    pub critical: bool,
}

impl KeyUsage {
    const fn has(self, bit: u16) -> bool {
        self.flags & (1 << bit) != 0
    }

    /// Bit 0: signatures other than on certificates, which every TLS 1.3 server makes.
    #[must_use]
    pub const fn digital_signature(self) -> bool {
        self.has(0)
    }

    /// Bit 2: RSA key transport.
    #[must_use]
    pub const fn key_encipherment(self) -> bool {
        self.has(2)
    }

    /// Bit 4: key agreement.
    #[must_use]
    pub const fn key_agreement(self) -> bool {
        self.has(4)
    }

    /// Bit 5: signatures on certificates.
    #[must_use]
    pub const fn key_cert_sign(self) -> bool {
        self.has(5)
    }

    /// Bit 6: signatures on revocation lists.
    #[must_use]
    pub const fn crl_sign(self) -> bool {
        self.has(6)
    }
}

/// extendedKeyUsage (RFC 5280 §4.2.1.12).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtendedKeyUsage {
    /// anyExtendedKeyUsage.
    pub any: bool,
    /// id-kp-serverAuth.
    pub server_auth: bool,
    /// id-kp-clientAuth.
    pub client_auth: bool,
    /// id-kp-codeSigning.
    pub code_signing: bool,
    /// id-kp-emailProtection.
    pub email_protection: bool,
    /// id-kp-timeStamping.
    pub time_stamping: bool,
    /// id-kp-OCSPSigning.
    pub ocsp_signing: bool,
    /// Other purposes, by object identifier.
    pub others: Vec<String>,
    /// Whether the extension is critical.
    pub critical: bool,
}

/// That an extension is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its object identifier, dotted.
    pub oid: String,
    /// Whether it is critical.
    pub critical: bool,
}

/// A certificate (RFC 5280) as owned facts. Nothing here has been judged: dates may be inverted,
/// names may be nonsense, and text may hold control characters, so sanitise it for a terminal.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    /// 1, 2 or 3.
    pub version: u32,
    /// The subject as RFC 4514 writes it, cut at a length bound.
    pub subject: String,
    /// The issuer, likewise.
    pub issuer: String,
    /// SHA-256 of the subject's DER: equal where names are equal byte by byte.
    pub subject_hash: [u8; 32],
    /// SHA-256 of the issuer's DER.
    pub issuer_hash: [u8; 32],
    /// Whether the subject has no attribute at all.
    pub subject_is_empty: bool,
    /// Common names of the subject; no identity for TLS (RFC 9525 §2).
    pub common_names: Vec<String>,
    /// Start of validity in Unix seconds.
    pub not_before: i64,
    /// End of validity in Unix seconds, inclusive.
    pub not_after: i64,
    /// The content of the serial number's INTEGER in lower-case hexadecimal.
    pub serial: String,
    /// The public key.
    pub key: KeyFacts,
    /// How the certificate was signed.
    pub signature: SignatureFacts,
    /// subjectAltName in the order written, up to [`crate::limits::MAX_NAMES`].
    pub san: Vec<San>,
    /// Whether subjectAltName is there, were it empty or broken.
    pub has_san: bool,
    /// basicConstraints, if there.
    pub basic_constraints: Option<BasicConstraints>,
    /// keyUsage, if there.
    pub key_usage: Option<KeyUsage>,
    /// extendedKeyUsage, if there.
    pub extended_key_usage: Option<ExtendedKeyUsage>,
    /// keyIdentifier of authorityKeyIdentifier (RFC 5280 §4.2.1.1).
    pub authority_key_id: Option<Vec<u8>>,
    /// subjectKeyIdentifier (RFC 5280 §4.2.1.2).
    pub subject_key_id: Option<Vec<u8>>,
    /// All extensions in the order written.
    pub extensions: Vec<Extension>,
    /// Policy identifiers of certificatePolicies.
    pub policies: Vec<String>,
    /// Extensions that could not be read, or not wholly, in words.
    pub extension_problems: Vec<String>,
    /// How the certificate is written, where it is not as it must be.
    pub encoding: Encoding,
    /// Whether subject and issuer are the same name.
    pub self_issued: bool,
    /// Whether the certificate is self-issued and its own key made the signature.
    pub self_signed: bool,
    /// What [`Self::issued`] says of the certificate and itself by signature alone: where the
    /// algorithm cannot be checked, `self_signed` is false and this says why.
    pub self_issuance: Issued,
    /// SHA-256 of the DER: the fingerprint.
    pub sha256: [u8; 32],
    /// The certificate's DER, without anything that followed it.
    pub der: Arc<[u8]>,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &self.subject)
            .field("issuer", &self.issuer)
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .field("key", &self.key)
            .field("san", &self.san)
            .field("sha256", &self.sha256_hex())
            .finish_non_exhaustive()
    }
}

/// Whether one certificate was issued by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Issued {
    /// The names agree and the signature is made by the issuer's key.
    Yes,
    /// The names agree, but key identifiers differ or the signature is not made by this key: a
    /// namesake, such as an older or newer CA of the same name.
    NamesOnly,
    /// The child names another issuer.
    No,
    /// The names agree and nothing speaks against it, but the signature cannot be checked here.
    UnsupportedAlgorithm,
}

/// For a pair whose names agree.
impl From<Verification> for Issued {
    fn from(verification: Verification) -> Self {
        match verification {
            Verification::Valid => Self::Yes,
            Verification::Invalid => Self::NamesOnly,
            Verification::Unsupported => Self::UnsupportedAlgorithm,
        }
    }
}

impl Certificate {
    /// The fingerprint in lower-case hexadecimal.
    #[must_use]
    pub fn sha256_hex(&self) -> String {
        der::hex(&self.sha256)
    }

    /// Whether the certificate may issue others: basicConstraints says so, or it is a self-issued
    /// certificate of version 1 or 2, which has no extensions to say it.
    #[must_use]
    pub fn is_ca(&self) -> bool {
        match self.basic_constraints {
            Some(constraints) => constraints.ca,
            None => self.version < 3 && self.self_issued,
        }
    }

    /// Whether the certificate is an end entity's: it may not issue others.
    #[must_use]
    pub fn is_leaf(&self) -> bool {
        !self.is_ca()
    }

    /// Whether the certificate is a trust anchor by its form: a CA that signed itself, as far as
    /// that can be checked.
    #[must_use]
    pub fn is_root(&self) -> bool {
        let signed = matches!(self.self_issuance, Issued::Yes | Issued::UnsupportedAlgorithm);
        signed && self.is_ca()
    }

    /// Whether the serial number is negative (forbidden by RFC 5280 §4.1.2.2; Go refuses it).
    #[must_use]
    pub fn serial_is_negative(&self) -> bool {
        self.serial.as_bytes().first().is_some_and(|digit| *digit >= b'8')
    }

    /// Octets of the serial number without leading zeros that it need not have; zero for the
    /// number 0.
    #[must_use]
    pub fn serial_len(&self) -> usize {
        let digits = self.serial.trim_start_matches('0');
        let octets = digits.len().div_ceil(2);
        // A zero before a digit of 8 or more keeps the number positive.
        let sign = digits.len().is_multiple_of(2)
            && digits.len() < self.serial.len()
            && digits.as_bytes().first().is_some_and(|digit| *digit >= b'8');
        octets + usize::from(sign)
    }

    /// The extension with this dotted object identifier.
    #[must_use]
    pub fn extension(&self, oid: &str) -> Option<&Extension> {
        self.extensions.iter().find(|extension| extension.oid == oid)
    }

    /// The value of the extension with this dotted object identifier: what its OCTET STRING holds.
    #[must_use]
    pub fn extension_value(&self, oid: &str) -> Option<&[u8]> {
        self.extension(oid)?;
        let mut fields = self.fields()?;
        let extensions = std::iter::from_fn(|| fields.next()).find(|field| field.tag == 0xa3)?;
        let mut extensions = Reader::within(extensions.value, SEQUENCE)?;
        std::iter::from_fn(|| extensions.take(SEQUENCE)).find_map(|extension| {
            let mut extension = Reader::new(extension);
            if der::oid_text(extension.take(der::OID)?) != oid {
                return None;
            }
            let _critical = extension.take(1);
            extension.take(der::OCTET_STRING)
        })
    }

    /// Whether this certificate issued `child`: by name, then by key identifiers where both have
    /// them (RFC 5280 §4.2.1.1), then by signature. Dates, CA flags and usages are not looked at.
    #[must_use]
    pub fn issued(&self, child: &Self) -> Issued {
        if self.subject_hash != child.issuer_hash {
            return Issued::No;
        }
        if let (Some(wanted), Some(own)) = (&child.authority_key_id, &self.subject_key_id)
            && wanted != own
        {
            return Issued::NamesOnly;
        }
        verify(&child.der, &child.signature, &self.key).into()
    }
}
