use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{MiniSigstore, Signer, TestKey, base64, hex, sha256};
use crate::certificates::forge::armoured;

const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// The form of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// With a promise of the log.
    V01,
    /// With a proof of the log.
    V02,
    /// With a single certificate.
    V03,
}

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub enum Signed<'a> {
    /// Bytes that lie elsewhere.
    Message(&'a [u8]),
    /// A statement, which comes along.
    Statement(&'a Value),
}

/// How it is signed.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// The form of the bundle.
    pub version: Version,
    /// Whether the log has it.
    pub logged: bool,
    /// Whether the clock has stamped it.
    pub stamped: bool,
}

impl Default for Form {
    fn default() -> Self {
        Self { version: Version::V03, logged: true, stamped: false }
    }
}

/// A signature and who made it.
struct Made {
    signature: Vec<u8>,
    /// In DER, with a certificate.
    certificate: Option<Vec<u8>>,
    /// The certificate or the key.
    pem: String,
    spki: Vec<u8>,
}

impl MiniSigstore {
    /// A bundle over what is signed.
    #[must_use]
    pub fn bundle(&self, signer: Signer<'_>, signed: Signed<'_>, form: Form) -> Value {
        let (message, content) = match signed {
            Signed::Message(message) => (message.to_vec(), None),
            Signed::Statement(statement) => {
                let payload = statement.to_string().into_bytes();
                (encoded(&payload), Some(payload))
            }
        };
        let made = self.sign(signer, &message);
        let mut material = match &made.certificate {
            Some(der) if form.version == Version::V03 => {
                json!({ "certificate": { "rawBytes": base64(der) } })
            }
            Some(der) => json!({
                "x509CertificateChain": { "certificates": [{ "rawBytes": base64(der) }] }
            }),
            None => json!({ "publicKey": { "hint": base64(&sha256(&made.spki)) } }),
        };
        let body = match &content {
            Some(payload) => logged_envelope(payload, &made),
            None => logged_digest(&message, &made),
        };
        let proven = form.version != Version::V01;
        let entries = form.logged.then(|| self.log.entry(&body, self.moment, proven));
        material["tlogEntries"] = entries.into_iter().collect();
        if form.stamped {
            material["timestampVerificationData"] = json!({
                "rfc3161Timestamps": [{ "signedTimestamp": base64(&self.stamp(&made)) }],
            });
        }
        let media_type = match form.version {
            Version::V01 => "application/vnd.dev.sigstore.bundle+json;version=0.1",
            Version::V02 => "application/vnd.dev.sigstore.bundle+json;version=0.2",
            Version::V03 => "application/vnd.dev.sigstore.bundle.v0.3+json",
        };
        let mut bundle = json!({ "mediaType": media_type, "verificationMaterial": material });
        match &content {
            Some(payload) => bundle["dsseEnvelope"] = envelope(payload, &made.signature),
            None => {
                bundle["messageSignature"] = json!({
                    "messageDigest": {
                        "algorithm": "SHA2_256",
                        "digest": base64(&sha256(&message)),
                    },
                    "signature": base64(&made.signature),
                });
            }
        }
        bundle
    }

    /// The annotations of a layer that holds a payload of simple signing, as cosign made them
    /// before bundles.
    #[must_use]
    pub fn annotations(
        &self,
        signer: Signer<'_>,
        payload: &[u8],
        form: Form,
    ) -> BTreeMap<String, String> {
        let made = self.sign(signer, payload);
        let mut notes = self.notes(&made, &logged_digest(payload, &made), form);
        notes.insert("dev.cosignproject.cosign/signature".into(), base64(&made.signature));
        notes
    }

    /// An envelope with the annotations of its layer, as cosign made attestations before bundles.
    #[must_use]
    pub fn attestation(
        &self,
        signer: Signer<'_>,
        statement: &Value,
        form: Form,
    ) -> (Vec<u8>, BTreeMap<String, String>) {
        let payload = statement.to_string().into_bytes();
        let made = self.sign(signer, &encoded(&payload));
        let mut notes = self.notes(&made, &logged_envelope(&payload, &made), form);
        notes.insert("dev.cosignproject.cosign/signature".into(), String::new());
        if let Some(kind) = statement["predicateType"].as_str() {
            notes.insert("predicateType".into(), kind.to_owned());
        }
        (envelope(&payload, &made.signature).to_string().into_bytes(), notes)
    }

    fn notes(&self, made: &Made, body: &Value, form: Form) -> BTreeMap<String, String> {
        let mut notes = BTreeMap::new();
        if made.certificate.is_some() {
            notes.insert("dev.sigstore.cosign/certificate".into(), made.pem.clone());
            let chain = armoured(self.authority.certificate());
            notes.insert("dev.sigstore.cosign/chain".into(), chain);
        }
        if form.logged {
            let entry = self.log.annotation(body, self.moment).to_string();
            notes.insert("dev.sigstore.cosign/bundle".into(), entry);
        }
        if form.stamped {
            let stamp = json!({ "SignedRFC3161Timestamp": base64(&self.stamp(made)) });
            notes.insert("dev.sigstore.cosign/rfc3161timestamp".into(), stamp.to_string());
        }
        notes
    }

    fn stamp(&self, made: &Made) -> Vec<u8> {
        self.clock.stamp(&made.signature, self.moment + self.clock_ahead)
    }

    fn sign(&self, signer: Signer<'_>, message: &[u8]) -> Made {
        match signer {
            Signer::Keyless(who) => {
                let key = TestKey::new();
                let certificate = self.authority.certify(who, &key, self.moment);
                Made {
                    signature: key.sign(message),
                    pem: armoured(&certificate),
                    certificate: Some(certificate),
                    spki: key.spki(),
                }
            }
            Signer::Key(key) => Made {
                signature: key.sign(message),
                certificate: None,
                pem: key.public_pem(),
                spki: key.spki(),
            },
        }
    }
}

/// What is signed of an envelope: the pre-authentication encoding of DSSE.
fn encoded(payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {PAYLOAD_TYPE} {} ", PAYLOAD_TYPE.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

fn envelope(payload: &[u8], signature: &[u8]) -> Value {
    json!({
        "payloadType": PAYLOAD_TYPE,
        "payload": base64(payload),
        "signatures": [{ "sig": base64(signature) }],
    })
}

fn logged_digest(message: &[u8], made: &Made) -> Value {
    json!({
        "apiVersion": "0.0.1",
        "kind": "hashedrekord",
        "spec": {
            "data": { "hash": { "algorithm": "sha256", "value": hex(&sha256(message)) } },
            "signature": {
                "content": base64(&made.signature),
                "publicKey": { "content": base64(made.pem.as_bytes()) },
            },
        },
    })
}

fn logged_envelope(payload: &[u8], made: &Made) -> Value {
    let whole = envelope(payload, &made.signature).to_string();
    json!({
        "apiVersion": "0.0.1",
        "kind": "dsse",
        "spec": {
            "envelopeHash": { "algorithm": "sha256", "value": hex(&sha256(whole.as_bytes())) },
            "payloadHash": { "algorithm": "sha256", "value": hex(&sha256(payload)) },
            "signatures": [{
                "signature": base64(&made.signature),
                "verifier": base64(made.pem.as_bytes()),
            }],
        },
    })
}
