use rcgen::{
    CertificateParams, CustomExtension, DistinguishedName, DnType, Issuer, KeyUsagePurpose,
    SerialNumber,
};
use serde_json::{Value, json};

use super::authority::{at, root};
use super::{SIGNED_AT, TestKey, base64, sha256};
use crate::certificates::forge::{element, elements, identifier, split};

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OID: u8 = 0x06;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// Context-specific, constructed, number 0.
const FIRST: u8 = 0xa0;
const YEARS: i64 = 365 * 24 * 60 * 60;

const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
const SHA256: &str = "2.16.840.1.101.3.4.2.1";
const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";
const POLICY: &str = "1.3.6.1.4.1.57264.2";

/// A timestamp authority (RFC 3161).
pub(super) struct Clock {
    key: TestKey,
    leaf: Vec<u8>,
    root: Vec<u8>,
}

impl Clock {
    pub(super) fn new() -> Self {
        let params = root("careen test clock");
        let root_key = TestKey::new();
        let root = params.self_signed(&root_key.0).expect("a certificate").der().to_vec();
        let issuer = Issuer::new(params, root_key.0);
        let key = TestKey::new();
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "careen test clock 1");
        params.serial_number = Some(SerialNumber::from(vec![0x22; 8]));
        params.not_before = at(SIGNED_AT - YEARS);
        params.not_after = at(SIGNED_AT + YEARS);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        // RFC 3161, 2.3: only this purpose, and critical.
        let purpose = element(SEQUENCE, &oid("1.3.6.1.5.5.7.3.8"));
        let mut purpose = CustomExtension::from_oid_content(&[2, 5, 29, 37], purpose);
        purpose.set_criticality(true);
        params.custom_extensions.push(purpose);
        let leaf = params.signed_by(&key.0, &issuer).expect("a certificate").der().to_vec();
        Self { key, leaf, root }
    }

    pub(super) fn described(&self) -> Value {
        let certificates: Vec<Value> =
            [&self.leaf, &self.root].map(|der| json!({ "rawBytes": base64(der) })).into();
        json!({
            "subject": { "organization": "test", "commonName": "careen test clock" },
            "uri": "https://clock.test",
            "certChain": { "certificates": certificates },
            "validFor": { "start": "2025-01-01T00:00:00Z" },
        })
    }

    /// The answer to the question when a signature was made.
    pub(super) fn stamp(&self, signature: &[u8], moment: i64) -> Vec<u8> {
        let sha256_id = element(SEQUENCE, &oid(SHA256));
        let imprint = [sha256_id.clone(), element(OCTET_STRING, &sha256(signature))].concat();
        let info = element(
            SEQUENCE,
            &[
                element(INTEGER, &[1]),
                oid(POLICY),
                element(SEQUENCE, &imprint),
                element(INTEGER, &[7]),
                element(GENERALIZED_TIME, generalized(moment).as_bytes()),
            ]
            .concat(),
        );
        let attribute = |kind: &str, value: Vec<u8>| {
            element(SEQUENCE, &[oid(kind), element(SET, &value)].concat())
        };
        let mut attributes = [
            attribute(CONTENT_TYPE, oid(TST_INFO)),
            attribute(MESSAGE_DIGEST, element(OCTET_STRING, &sha256(&info))),
        ];
        attributes.sort();
        let attributes = attributes.concat();
        let signed = self.key.sign(&element(SET, &attributes));
        let content = [oid(TST_INFO), element(FIRST, &element(OCTET_STRING, &info))].concat();
        let signer = [
            element(INTEGER, &[1]),
            element(SEQUENCE, &[self.issuer(), element(INTEGER, &[0x22; 8])].concat()),
            sha256_id.clone(),
            element(FIRST, &attributes),
            element(SEQUENCE, &oid(ECDSA_SHA256)),
            element(OCTET_STRING, &signed),
        ];
        let data = [
            element(INTEGER, &[3]),
            element(SET, &sha256_id),
            element(SEQUENCE, &content),
            element(SET, &element(SEQUENCE, &signer.concat())),
        ];
        let data = element(FIRST, &element(SEQUENCE, &data.concat()));
        let token = element(SEQUENCE, &[oid(SIGNED_DATA), data].concat());
        let granted = element(SEQUENCE, &element(INTEGER, &[0]));
        element(SEQUENCE, &[granted, token].concat())
    }

    /// The issuer in the certificate.
    fn issuer(&self) -> Vec<u8> {
        let signed = elements(split(&self.leaf).1)[0];
        elements(split(signed).1)[3].to_vec()
    }
}

fn oid(dotted: &str) -> Vec<u8> {
    element(OID, &identifier(dotted))
}

fn generalized(moment: i64) -> String {
    let time = at(moment);
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}Z",
        time.year(),
        u8::from(time.month()),
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}
