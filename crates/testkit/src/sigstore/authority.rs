use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType, SerialNumber,
};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::{TestKey, base64, described_log, sha256};
use crate::certificates::forge::{element, elements, split};

/// Children of Fulcio's arc: what a certificate says of who asked for it.
const FULCIO: [u64; 8] = [1, 3, 6, 1, 4, 1, 57264, 1];
const CERTIFICATE_LOG: [u64; 10] = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2];
const UTF8_STRING: u8 = 0x0c;
const OCTET_STRING: u8 = 0x04;
const YEARS: i64 = 365 * 24 * 60 * 60;

/// Somebody whose identity is certified.
#[derive(Clone, Debug)]
pub struct Who {
    /// The OIDC issuer.
    pub issuer: String,
    /// An address, or a URI.
    pub subject: String,
    /// What else is certified: the last number of Fulcio's extension, and the text.
    pub claims: Vec<(u64, String)>,
}

impl Who {
    /// A person.
    #[must_use]
    pub fn person(subject: &str, issuer: &str) -> Self {
        Self { issuer: issuer.to_owned(), subject: subject.to_owned(), claims: Vec::new() }
    }

    /// A workflow of GitHub.
    #[must_use]
    pub fn workflow(repository: &str, workflow: &str, reference: &str) -> Self {
        let home = format!("https://github.com/{repository}");
        let subject = format!("{home}/.github/workflows/{workflow}@{reference}");
        Self {
            issuer: "https://token.actions.githubusercontent.com".to_owned(),
            claims: vec![
                (9, subject.clone()),
                (11, "github-hosted".to_owned()),
                (12, home),
                (13, "0123456789abcdef0123456789abcdef01234567".to_owned()),
                (14, reference.to_owned()),
                (20, "push".to_owned()),
            ],
            subject,
        }
    }
}

/// The authority that certifies identities, with the log of its certificates.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: Vec<u8>,
    spki: Vec<u8>,
    log: TestKey,
}

pub(super) fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).expect("a calendar has it")
}

/// The parameters of an authority that is valid for long.
pub(super) fn root(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = at(super::SIGNED_AT - YEARS);
    params.not_after = at(super::SIGNED_AT + 10 * YEARS);
    params
}

impl Authority {
    pub(super) fn new() -> Self {
        let params = root("careen test authority");
        let key = TestKey::new();
        let spki = key.spki();
        let certificate = params.self_signed(&key.0).expect("a certificate").der().to_vec();
        Self { issuer: Issuer::new(params, key.0), certificate, spki, log: TestKey::new() }
    }

    /// A certificate for ten minutes, in DER.
    pub(super) fn certify(&self, who: &Who, key: &TestKey, moment: i64) -> Vec<u8> {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.serial_number = Some(SerialNumber::from(vec![0x11; 16]));
        params.not_before = at(moment) - Duration::minutes(1);
        params.not_after = at(moment) + Duration::minutes(9);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::CodeSigning];
        params.use_authority_key_identifier_extension = true;
        let subject = who.subject.as_str().try_into().expect("ASCII");
        params.subject_alt_names = vec![if who.subject.contains("://") {
            SanType::URI(subject)
        } else {
            SanType::Rfc822Name(subject)
        }];
        let claims = who.claims.iter().map(|(number, text)| (*number, text.as_str()));
        for (number, text) in std::iter::once((8, who.issuer.as_str())).chain(claims) {
            let oid = [&FULCIO[..], &[number]].concat();
            let text = element(UTF8_STRING, text.as_bytes());
            params.custom_extensions.push(CustomExtension::from_oid_content(&oid, text));
        }
        let before = params.signed_by(&key.0, &self.issuer).expect("a certificate");
        let list = self.promise(before.der(), moment);
        let promise =
            CustomExtension::from_oid_content(&CERTIFICATE_LOG, element(OCTET_STRING, &list));
        params.custom_extensions.push(promise);
        params.signed_by(&key.0, &self.issuer).expect("a certificate").der().to_vec()
    }

    /// The promise of the log of certificates (RFC 6962, 3.2 and 3.3) for a certificate that
    /// does not have it yet.
    fn promise(&self, certificate: &[u8], moment: i64) -> Vec<u8> {
        let signed = elements(split(certificate).1)[0];
        let moment = (u64::try_from(moment).expect("after 1970") * 1000).to_be_bytes();
        let length = u32::try_from(signed.len()).expect("a small certificate").to_be_bytes();
        let mut message = vec![0, 0];
        message.extend(moment);
        message.extend([0, 1]);
        message.extend(sha256(&self.spki));
        message.extend(&length[1..]);
        message.extend(signed);
        message.extend([0, 0]);
        let signature = self.log.sign(&message);
        let mut promise = vec![0];
        promise.extend(sha256(&self.log.spki()));
        promise.extend(moment);
        promise.extend([0, 0, 4, 3]);
        promise.extend(vector(&signature));
        vector(&vector(&promise))
    }

    pub(super) fn described(&self) -> Value {
        json!({
            "subject": { "organization": "test", "commonName": "careen test authority" },
            "uri": "https://authority.test",
            "certChain": { "certificates": [{ "rawBytes": base64(&self.certificate) }] },
            "validFor": { "start": "2025-01-01T00:00:00Z" },
        })
    }

    pub(super) fn described_log(&self) -> Value {
        described_log(&self.log)
    }

    pub(super) fn certificate(&self) -> &[u8] {
        &self.certificate
    }
}

/// Bytes behind their number in two octets.
fn vector(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("short").to_be_bytes();
    [&length[..], bytes].concat()
}
