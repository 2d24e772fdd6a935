//! From DER to the facts of a certificate.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;

use x509_parser::extensions::{GeneralName, ParsedExtension, X509Extension};
use x509_parser::oid_registry::Oid;
use x509_parser::prelude::FromDer as _;

use crate::certificate::{
    BasicConstraints, Certificate, ExtendedKeyUsage, Extension, Issued, KeyUsage, San,
};
use crate::der::{self, BIT_STRING, OCTET_STRING, OID, Reader, SEQUENCE};
use crate::encoding::Encoding;
use crate::limits::{MAX_CERTIFICATE, MAX_EXTENSIONS, MAX_NAMES, MAX_RSA_BITS};
use crate::name::Name;
use crate::outline::{BOOLEAN, Entry, Outline};
use crate::public_key::{KeyFacts, KeyKind, sha256};
use crate::signature::{SignatureFacts, Verification, verify};
use crate::time::Time;

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
    let outline = Outline::read(whole)?;
    let key = KeyFacts::of_certificate(outline.key.raw);
    let (not_before, not_after) = validity(outline.validity.value)?;
    let subject = Name::read(outline.subject.value);
    let issuer = Name::read(outline.issuer.value);
    let (subject_hash, issuer_hash) = (sha256(outline.subject.raw), sha256(outline.issuer.raw));
    let mut certificate = Certificate {
        version: outline.version(),
        subject_is_empty: outline.subject.value.is_empty(),
        subject: subject.text,
        issuer: issuer.text,
        subject_hash,
        issuer_hash,
        common_names: subject.common_names,
        not_before,
        not_after,
        serial: der::hex(outline.serial.value),
        signature: SignatureFacts::read(
            outline.outer.value,
            outline.inner.raw != outline.outer.raw,
        ),
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
        encoding: Encoding::examine(&outline),
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
    let mut known = HashSet::new();
    for (count, entry) in outline.extensions().enumerate() {
        if count == MAX_EXTENSIONS {
            limits.push(format!("certificate has more than {MAX_EXTENSIONS} extensions"));
            break;
        }
        if !known.insert(entry.oid) {
            let oid = der::oid_text(entry.oid);
            let problem = format!("extension {} appears twice", extension_name(&oid));
            certificate.extension_problems.push(problem);
        }
        if let Ok((_, extension)) = X509Extension::from_der(entry.raw) {
            read_extension(&extension, &mut certificate, &mut limits);
        } else {
            read_again(&entry, &mut certificate, &mut limits);
        }
    }
    if certificate.self_issued {
        let own = verify(&certificate.der, &certificate.signature, &certificate.key);
        certificate.self_signed = own == Verification::Valid;
        certificate.self_issuance = own.into();
    }
    Ok(Parsed { certificate, trailing: bytes.len() - whole.raw.len(), limits })
}

fn no_element(bytes: &[u8]) -> String {
    match bytes.first() {
        None => "there are no bytes".to_owned(),
        Some(&SEQUENCE) if bytes.get(1) == Some(&0x80) => {
            "the data is BER with an indefinite length, not DER".to_owned()
        }
        Some(&SEQUENCE) => "the data is cut off: it is shorter than its own length says".to_owned(),
        Some(_) => "the data is not DER: it does not start with a SEQUENCE".to_owned(),
    }
}

/// notBefore and notAfter, in Unix seconds.
fn validity(content: &[u8]) -> Result<(i64, i64), String> {
    let mut times = Reader::new(content);
    let mut next = |name: &str| {
        let time = times.next().and_then(|time| Time::read(time.tag, time.value));
        time.map(|time| time.seconds).ok_or_else(|| format!("{name} is no time"))
    };
    Ok((next("notBefore")?, next("notAfter")?))
}

/// Reads an extension that is not written as DER, from DER made of its parts.
fn read_again(entry: &Entry<'_>, certificate: &mut Certificate, limits: &mut Vec<String>) {
    let oid = der::element(OID, &[entry.oid]);
    let critical: &[u8] = if entry.is_critical() { &[BOOLEAN, 1, 0xff] } else { &[] };
    let value = der::element(OCTET_STRING, &[entry.value]);
    let whole = der::element(SEQUENCE, &[&oid, critical, &value]);
    if let Ok((_, extension)) = X509Extension::from_der(&whole) {
        read_extension(&extension, certificate, limits);
    } else {
        let id = der::oid_text(entry.oid);
        let problem = format!("extension {} cannot be read", extension_name(&id));
        certificate.extension_problems.push(problem);
        certificate.extensions.push(Extension { oid: id, critical: entry.is_critical() });
    }
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
    certificate.has_san |= id == SUBJECT_ALT_NAME;
    match extension.parsed_extension() {
        ParsedExtension::ParseError { .. } => {
            certificate
                .extension_problems
                .push(format!("extension {} cannot be read", extension_name(&id)));
            recover(&id, extension.value, critical, certificate);
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

/// What decides whether a certificate is a CA's, of an extension that the parser refused: a path
/// length below zero or bits too many do not make a CA something else.
fn recover(oid: &str, value: &[u8], critical: bool, certificate: &mut Certificate) {
    match oid {
        "2.5.29.19" => {
            let Some(mut fields) = Reader::within(value, SEQUENCE) else { return };
            let ca = fields.take(BOOLEAN).is_some_and(|ca| ca.iter().any(|byte| *byte != 0));
            let constraints = BasicConstraints { ca, path_len: None, critical };
            certificate.basic_constraints.get_or_insert(constraints);
        }
        "2.5.29.15" => {
            let Some([_unused, bits @ ..]) = Reader::new(value).take(BIT_STRING) else { return };
            let bit = |at: usize| {
                let octet = bits.get(at / 8).copied().unwrap_or_default();
                u16::from(octet >> (7 - at % 8) & 1) << at
            };
            let flags = (0..9).map(bit).sum();
            certificate.key_usage.get_or_insert(KeyUsage { flags, critical });
        }
        _ => {}
    }
}

/// The name of an extension, as RFC 5280 and its peers write it.
pub(crate) fn extension_name(oid: &str) -> &str {
    match oid {
        "2.5.29.9" => "subjectDirectoryAttributes",
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
        "2.5.29.46" => "freshestCRL",
        "2.5.29.54" => "inhibitAnyPolicy",
        "1.3.6.1.5.5.7.1.1" => "authorityInfoAccess",
        "1.3.6.1.5.5.7.1.11" => "subjectInfoAccess",
        "1.3.6.1.5.5.7.1.24" => "TLS feature",
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
        GeneralName::Invalid(tag, bytes) => {
            problems.push(format!("name of kind {} in subjectAltName cannot be read", tag.0));
            let text = || String::from_utf8_lossy(bytes).into_owned();
            match tag.0 {
                1 => San::Email(text()),
                2 => San::Dns(text()),
                6 => San::Uri(text()),
                kind => San::Other(format!("kind {kind}")),
            }
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
