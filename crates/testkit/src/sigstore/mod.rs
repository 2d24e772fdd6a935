//! A Sigstore in miniature: an authority that certifies identities for ten minutes, a log of its
//! certificates, a transparency log, a clock. Its keys are made anew for each test; what it signs
//! is as strict verifiers want it.

mod authority;
mod bundle;
mod clock;
mod log;
mod place;

use careen_image_model::oci::Digest;
use data_encoding::BASE64;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519, SigningKey};
use serde_json::{Value, json};

pub use authority::Who;
pub use bundle::{Form, Signed, Version};
pub use place::{Image, Layer, attach, attach_tag, image, index};

use self::authority::Authority;
use self::clock::Clock;
use self::log::Log;

/// When everything is signed that is not told otherwise: 2026-06-01T12:00:00Z, half a year before
/// the clock of the tests. Verifiers refuse what is later than the machine's clock.
pub const SIGNED_AT: i64 = 1_780_315_200;

/// A Sigstore in miniature.
pub struct MiniSigstore {
    authority: Authority,
    log: Log,
    clock: Clock,
    /// When things are signed, in Unix seconds.
    pub moment: i64,
    /// What the clock is ahead of that, in seconds.
    pub clock_ahead: i64,
}

/// A key of somebody who signs.
pub struct TestKey(KeyPair);

/// Who signs.
#[derive(Clone, Copy)]
pub enum Signer<'a> {
    /// Somebody with a certificate that is made for this one signature.
    Keyless(&'a Who),
    /// The holder of a key.
    Key(&'a TestKey),
}

impl Default for MiniSigstore {
    fn default() -> Self {
        Self::new()
    }
}

impl MiniSigstore {
    /// A new one, with keys of its own.
    #[must_use]
    pub fn new() -> Self {
        Self {
            authority: Authority::new(),
            log: Log::new(),
            clock: Clock::new(),
            moment: SIGNED_AT,
            clock_ahead: 0,
        }
    }

    /// Its `trusted_root.json`.
    #[must_use]
    pub fn trusted_root(&self) -> Vec<u8> {
        json!({
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [self.log.described()],
            "certificateAuthorities": [self.authority.described()],
            "ctlogs": [self.authority.described_log()],
            "timestampAuthorities": [self.clock.described()],
        })
        .to_string()
        .into_bytes()
    }

    /// Its `trusted_root.json` as it may be written when everything has ended.
    #[must_use]
    pub fn trusted_root_ended(&self, at: &str) -> Vec<u8> {
        let mut root: Value = serde_json::from_slice(&self.trusted_root()).expect("our own");
        let window = json!({ "start": "2025-01-01T00:00:00Z", "end": at });
        root["tlogs"][0]["publicKey"]["validFor"] = window.clone();
        root["certificateAuthorities"][0]["validFor"] = window;
        root.to_string().into_bytes()
    }
}

impl TestKey {
    /// A key on P-256.
    #[must_use]
    pub fn new() -> Self {
        Self(KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key"))
    }

    /// A key on P-384.
    #[must_use]
    pub fn p384() -> Self {
        Self(KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).expect("a key"))
    }

    /// A key on Ed25519, which signs messages and not their digests.
    #[must_use]
    pub fn ed25519() -> Self {
        Self(KeyPair::generate_for(&PKCS_ED25519).expect("a key"))
    }

    /// Its public half, as `cosign.pub` holds it.
    #[must_use]
    pub fn public_pem(&self) -> String {
        self.0.public_key_pem()
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).expect("a signature")
    }

    pub(crate) fn spki(&self) -> Vec<u8> {
        use rcgen::PublicKeyData;
        self.0.subject_public_key_info()
    }
}

impl Default for TestKey {
    fn default() -> Self {
        Self::new()
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref().to_vec()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// How a trusted root describes a log.
fn described_log(key: &TestKey) -> Value {
    json!({
        "baseUrl": "https://log.test",
        "hashAlgorithm": "SHA2_256",
        "publicKey": {
            "rawBytes": base64(&key.spki()),
            "keyDetails": "PKIX_ECDSA_P256_SHA_256",
            "validFor": { "start": "2025-01-01T00:00:00Z" },
        },
        "logId": { "keyId": base64(&sha256(&key.spki())) },
    })
}

/// The digest of bytes: `sha256:…`.
#[must_use]
pub fn digest_of(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&sha256(bytes)))
}

/// A statement of in-toto about an image.
#[must_use]
pub fn statement(digest: &Digest, predicate_type: &str, predicate: &Value) -> Value {
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "name": "", "digest": { digest.algorithm(): digest.hex() } }],
        "predicateType": predicate_type,
        "predicate": predicate,
    })
}

/// The payload of simple signing about an image.
#[must_use]
pub fn payload(digest: &Digest, reference: &str) -> Vec<u8> {
    json!({
        "critical": {
            "identity": { "docker-reference": reference },
            "image": { "docker-manifest-digest": digest.as_str() },
            "type": "cosign container image signature",
        },
        "optional": null,
    })
    .to_string()
    .into_bytes()
}
