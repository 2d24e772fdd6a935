use serde_json::Value;
use sigstore_types::bundle::VerificationMaterialContent;
use sigstore_types::{Bundle, DerPublicKey, SignatureContent};

use crate::key::PublicKey;
use crate::limits::shown;

/// Entries of a log and timestamps of one bundle. Each is checked with public keys.
const PROOFS_MAX: usize = 32;

const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle";
const ENTRIES: [(&str, &str); 4] =
    [("hashedrekord", "0.0.1"), ("hashedrekord", "0.0.2"), ("dsse", "0.0.1"), ("intoto", "0.0.2")];

/// A bundle that could be read.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(super) bundle: Bundle,
}

/// Why bytes are no bundle that can be checked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// They are no bundle; one sentence fragment.
    Malformed(String),
    /// They are one of a form that is not known; one sentence fragment.
    Unsupported(String),
}

/// What a bundle signs.
pub(crate) enum Content<'a> {
    /// Something elsewhere, with its digest if that is SHA-256.
    Message {
        /// The digest, as the bundle has it.
        sha256: Option<[u8; 32]>,
    },
    /// What it holds.
    Envelope {
        /// What kind of bytes they are.
        payload_type: &'a str,
        /// The bytes.
        payload: &'a [u8],
    },
}

impl Parsed {
    /// Reads a bundle.
    ///
    /// # Errors
    ///
    /// Where it is none, or of a form that is not known.
    pub(crate) fn new(bytes: &[u8]) -> Result<Self, Refusal> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Refusal::Malformed("it is no Sigstore bundle: it is no text".into()))?;
        let bundle =
            Bundle::from_json(text).map_err(|error| unknown_form(bytes, &error.to_string()))?;
        let material = &bundle.verification_material;
        let stamps = material.timestamp_verification_data.rfc3161_timestamps.len();
        if material.tlog_entries.len() > PROOFS_MAX || stamps > PROOFS_MAX {
            return Err(Refusal::Malformed(format!("it has more than {PROOFS_MAX} proofs")));
        }
        Ok(Self { bundle })
    }

    pub(crate) fn content(&self) -> Content<'_> {
        match &self.bundle.content {
            SignatureContent::DsseEnvelope(envelope) => Content::Envelope {
                payload_type: &envelope.payload_type,
                payload: envelope.payload.as_bytes(),
            },
            SignatureContent::MessageSignature(signature) => {
                let digest = signature.message_digest.as_ref();
                let digest = digest.filter(|digest| digest.algorithm.digest_size() == 32);
                Content::Message {
                    sha256: digest.and_then(|digest| digest.digest.as_bytes().try_into().ok()),
                }
            }
            // The library may learn of others.
            _ => Content::Message { sha256: None },
        }
    }

    pub(crate) fn has_certificate(&self) -> bool {
        !matches!(
            self.bundle.verification_material.content,
            VerificationMaterialContent::PublicKey(_)
        )
    }

    /// The signing certificate, in DER.
    pub(crate) fn certificate(&self) -> Option<&[u8]> {
        self.bundle.signing_certificate().map(sigstore_types::DerCertificate::as_bytes)
    }

    pub(crate) fn is_logged(&self) -> bool {
        !self.bundle.verification_material.tlog_entries.is_empty()
    }

    pub(super) fn has_timestamps(&self) -> bool {
        let data = &self.bundle.verification_material.timestamp_verification_data;
        !data.rfc3161_timestamps.is_empty()
    }

    /// How it names the key that made it. Nothing proves it.
    pub(crate) fn hint(&self) -> Option<&str> {
        match &self.bundle.verification_material.content {
            VerificationMaterialContent::PublicKey(key) if !key.hint.is_empty() => Some(&key.hint),
            _ => None,
        }
    }

    /// The key that the entry of the log names.
    pub(crate) fn logged_key(&self) -> Option<PublicKey> {
        let entry = self.bundle.verification_material.tlog_entries.first()?;
        let body: Value = serde_json::from_slice(entry.canonicalized_body.as_bytes()).ok()?;
        let text = [
            "/spec/signature/publicKey/content",
            "/spec/signatures/0/verifier",
            "/spec/content/envelope/signatures/0/publicKey",
        ];
        let text = text.iter().find_map(|path| body.pointer(path)?.as_str());
        let spki = match text {
            Some(text) => {
                let pem = data_encoding::BASE64.decode(text.as_bytes()).ok()?;
                super::spki_of_pem(std::str::from_utf8(&pem).ok()?)?
            }
            None => {
                let raw = "/spec/hashedRekordV002/signature/verifier/publicKey/rawBytes";
                DerPublicKey::from_base64(body.pointer(raw)?.as_str()?).ok()?.into_bytes()
            }
        };
        PublicKey::from_spki(spki)
    }
}

/// Tells a form that is not known from what is malformed.
fn unknown_form(bytes: &[u8], error: &str) -> Refusal {
    let malformed = || Refusal::Malformed(format!("it is no Sigstore bundle: {}", shown(error)));
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return malformed() };
    let media_type = value.get("mediaType").and_then(Value::as_str).unwrap_or_default();
    let known = ["+json;version=0.1", "+json;version=0.2", "+json;version=0.3", ".v0.3+json"];
    if let Some(version) = media_type.strip_prefix(MEDIA_TYPE)
        && !known.contains(&version)
    {
        let media_type = shown(media_type);
        return Refusal::Unsupported(format!("it is a bundle of the form `{media_type}`"));
    }
    let entries = value.pointer("/verificationMaterial/tlogEntries").and_then(Value::as_array);
    for entry in entries.into_iter().flatten().take(PROOFS_MAX) {
        let part = |path| entry.pointer(path).and_then(Value::as_str);
        let (kind, version) = (part("/kindVersion/kind"), part("/kindVersion/version"));
        if let (Some(kind), Some(version)) = (kind, version)
            && !ENTRIES.contains(&(kind, version))
        {
            let entry = shown(&format!("{kind} {version}"));
            return Refusal::Unsupported(format!("its log entry is of the kind `{entry}`"));
        }
    }
    malformed()
}
