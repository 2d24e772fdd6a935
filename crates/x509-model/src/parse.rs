//! From DER to the facts of a certificate.

use std::net::IpAddr;
use std::sync::Arc;

use x509_parser::extensions::{GeneralName, ParsedExtension, X509Extension};
use x509_parser::oid_registry::Oid;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::certificate::{
    BasicConstraints, Certificate, ExtendedKeyUsage, Extension, Issued, KeyUsage, San,
};
use crate::der::{self, INTEGER, Reader, SEQUENCE};
use crate::limits::{MAX_CERTIFICATE, MAX_EXTENSIONS, MAX_NAMES, MAX_RSA_BITS};
use crate::name::Name;
use crate::public_key::{KeyFacts, KeyKind, sha256};
use crate::signature::{SignatureFacts, Verification, verify};

/// A certificate with what parsing it came upon.
pub(crate) struct Parsed {
    pub(crate) certificate: Certificate,
    /// Bytes after the certificate.
    pub(crate) trailing: usize,
    /// Limits that were reached, in words.
    pub(crate) limits: Vec<String>,
}

/// Why bytes are no certificate.
pub(crate) struct Refusal {
    /// In words.
    pub(crate) reason: String,
    /// Whether a limit was reached, as against broken data.
    pub(crate) limit: bool,
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self { reason, limit: false }
    }
}

/// Reads a certificate.
pub(crate) fn parse(bytes: &[u8]) -> Result<Parsed, Refusal> {
    let whole = Reader::new(bytes).next().filter(|element| element.tag == SEQUENCE);
    let Some(whole) = whole else { return Err(no_element(bytes).into()) };
    if whole.raw.len() > MAX_CERTIFICATE {
        let reason = format!("certificate is larger than {MAX_CERTIFICATE} bytes");
        return Err(Refusal { reason, limit: true });
    }
    let (_, x509) = X509Certificate::from_der(whole.raw).map_err(|error| reason(&error))?;
    let tbs = &x509.tbs_certificate;
    let key = KeyFacts::from_spki(tbs.subject_pki.raw)
        .ok_or_else(|| "public key cannot be read".to_owned())?;
    let subject = Name::read(content(tbs.subject.as_raw()));
    let issuer = Name::read(content(tbs.issuer.as_raw()));
    let (subject_hash, issuer_hash) = (sha256(tbs.subject.as_raw()), sha256(tbs.issuer.as_raw()));
    let mut certificate = Certificate {
        version: tbs.version.0.saturating_add(1),
        subject_is_empty: content(tbs.subject.as_raw()).is_empty(),
        subject: subject.text,
        issuer: issuer.text,
        subject_hash,
        issuer_hash,
        common_names: subject.common_names,
        not_before: tbs.validity.not_before.timestamp(),
        not_after: tbs.validity.not_after.timestamp(),
        serial: der::hex(tbs.raw_serial()),
        signature: signature(whole.value),
        key,
        san: Vec::new(),
        has_san: false,
        basic_constraints: None,
        key_usage: None,
        extended_key_usage: None,
        authority_key_id: None,
        subject_key_id: None,
        extensions: Vec::new(),
        policies: Vec::new(),
        extension_problems: Vec::new(),
        self_issued: subject_hash == issuer_hash,
        self_signed: false,
        self_issuance: Issued::No,
        sha256: sha256(whole.raw),
        der: Arc::from(whole.raw),
    };
    let mut limits = Vec::new();
    if let KeyKind::Rsa { bits, .. } = certificate.key.kind
        && bits > MAX_RSA_BITS
    {
        limits.push(format!("RSA key of {bits} bits is larger than {MAX_RSA_BITS} bits"));
    }
    if tbs.extensions().len() > MAX_EXTENSIONS {
        limits.push(format!("certificate has more than {MAX_EXTENSIONS} extensions"));
    }
    for extension in tbs.extensions().iter().take(MAX_EXTENSIONS) {
        read_extension(extension, &mut certificate, &mut limits);
    }
    if certificate.self_issued {
        let own = verify(&certificate.der, &certificate.signature, &certificate.key);
        certificate.self_signed = own == Verification::Valid;
        certificate.self_issuance = own.into();
    }
    Ok(Parsed { certificate, trailing: bytes.len() - whole.raw.len(), limits })
}

fn content(sequence: &[u8]) -> &[u8] {
    Reader::new(sequence).take(SEQUENCE).unwrap_or_default()
}

fn no_element(bytes: &[u8]) -> String {
    match bytes.first() {
        None => "there are no bytes".to_owned(),
        Some(&SEQUENCE) => "the data is cut off: it is shorter than its own length says".to_owned(),
        Some(_) => "the data is not DER: it does not start with a SEQUENCE".to_owned(),
    }
}

fn reason(error: &x509_parser::nom::Err<x509_parser::error::X509Error>) -> String {
    match error {
        x509_parser::nom::Err::Incomplete(_) => "certificate is cut off".to_owned(),
        x509_parser::nom::Err::Error(error) | x509_parser::nom::Err::Failure(error) => {
            error.to_string()
        }
    }
}

/// The signature algorithm from both places that name it.
fn signature(certificate: &[u8]) -> SignatureFacts {
    let mut outer = Reader::new(certificate);
    let mut inner = Reader::new(outer.take(SEQUENCE).unwrap_or_default());
    let _version = inner.take(0xa0);
    let _serial = inner.take(INTEGER);
    let inner = inner.take(SEQUENCE).unwrap_or_default();
    let outer = outer.take(SEQUENCE).unwrap_or_default();
    SignatureFacts::read(outer, inner != outer)
}

fn oid(oid: &Oid<'_>) -> String {
    der::oid_text(oid.as_bytes())
}

fn read_extension(
    extension: &X509Extension<'_>,
    certificate: &mut Certificate,
    limits: &mut Vec<String>,
) {
    const SUBJECT_ALT_NAME: &str = "2.5.29.17";
    let id = oid(&extension.oid);
    let critical = extension.critical;
    if certificate.extension(&id).is_some() {
        certificate
            .extension_problems
            .push(format!("extension {} appears twice", extension_name(&id)));
    }
    certificate.has_san |= id == SUBJECT_ALT_NAME;
    match extension.parsed_extension() {
        ParsedExtension::ParseError { .. } => {
            certificate
                .extension_problems
                .push(format!("extension {} cannot be read", extension_name(&id)));
        }
        ParsedExtension::SubjectAlternativeName(names) => {
            if names.general_names.len() > MAX_NAMES {
                limits.push(format!("certificate has more than {MAX_NAMES} alternative names"));
            }
            for name in names.general_names.iter().take(MAX_NAMES) {
                let name = san(name, &mut certificate.extension_problems);
                certificate.san.push(name);
            }
        }
        ParsedExtension::BasicConstraints(constraints) => {
            certificate.basic_constraints = Some(BasicConstraints {
                ca: constraints.ca,
                path_len: constraints.path_len_constraint,
                critical,
            });
        }
        ParsedExtension::KeyUsage(usage) => {
            certificate.key_usage = Some(KeyUsage { flags: usage.flags, critical });
        }
        ParsedExtension::ExtendedKeyUsage(usage) => {
            certificate.extended_key_usage = Some(ExtendedKeyUsage {
                any: usage.any,
                server_auth: usage.server_auth,
                client_auth: usage.client_auth,
                code_signing: usage.code_signing,
                email_protection: usage.email_protection,
                time_stamping: usage.time_stamping,
                ocsp_signing: usage.ocsp_signing,
                others: usage.other.iter().map(oid).collect(),
                critical,
            });
        }
        ParsedExtension::AuthorityKeyIdentifier(identifier) => {
            certificate.authority_key_id =
                identifier.key_identifier.as_ref().map(|identifier| identifier.0.to_vec());
        }
        ParsedExtension::SubjectKeyIdentifier(identifier) => {
            certificate.subject_key_id = Some(identifier.0.to_vec());
        }
        ParsedExtension::CertificatePolicies(policies) => {
            certificate.policies = policies.iter().map(|policy| oid(&policy.policy_id)).collect();
        }
        _ => {}
    }
    certificate.extensions.push(Extension { oid: id, critical });
}

/// The name of an extension, as RFC 5280 and its peers write it.
fn extension_name(oid: &str) -> &str {
    match oid {
        "2.5.29.14" => "subjectKeyIdentifier",
        "2.5.29.15" => "keyUsage",
        "2.5.29.17" => "subjectAltName",
        "2.5.29.18" => "issuerAltName",
        "2.5.29.19" => "basicConstraints",
        "2.5.29.30" => "nameConstraints",
        "2.5.29.31" => "cRLDistributionPoints",
        "2.5.29.32" => "certificatePolicies",
        "2.5.29.33" => "policyMappings",
        "2.5.29.35" => "authorityKeyIdentifier",
        "2.5.29.36" => "policyConstraints",
        "2.5.29.37" => "extKeyUsage",
        "1.3.6.1.5.5.7.1.1" => "authorityInfoAccess",
        "1.3.6.1.4.1.11129.2.4.2" => "signedCertificateTimestampList",
        other => other,
    }
}

pub(crate) fn san(name: &GeneralName<'_>, problems: &mut Vec<String>) -> San {
    match name {
        GeneralName::DNSName(name) => San::Dns((*name).to_owned()),
        GeneralName::URI(uri) => San::Uri((*uri).to_owned()),
        GeneralName::RFC822Name(address) => San::Email((*address).to_owned()),
        GeneralName::IPAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            let address = v4.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from));
            address.map_or_else(
                |_| {
                    problems.push(format!("iPAddress of {} bytes in subjectAltName", bytes.len()));
                    San::Other("iPAddress".to_owned())
                },
                San::Ip,
            )
        }
        GeneralName::DirectoryName(_) => San::Other("directoryName".to_owned()),
        GeneralName::OtherName(kind, _) => San::Other(format!("otherName {}", oid(kind))),
        GeneralName::RegisteredID(_) => San::Other("registeredID".to_owned()),
        GeneralName::X400Address(_) => San::Other("x400Address".to_owned()),
        GeneralName::EDIPartyName(_) => San::Other("ediPartyName".to_owned()),
        GeneralName::Invalid(tag, _) => {
            problems.push(format!("name of kind {} in subjectAltName cannot be read", tag.0));
            San::Other(format!("kind {}", tag.0))
        }
    }
}

impl Certificate {
    /// Reads a certificate from DER; bytes after it are passed over.
    ///
    /// # Errors
    ///
    /// Says in words why the bytes are no certificate.
    pub fn from_der(bytes: &[u8]) -> Result<Self, String> {
        parse(bytes).map(|parsed| parsed.certificate).map_err(|refusal| refusal.reason)
    }
}
