//! cosign's older signatures and attestations: a blob, and everything else in the annotations of
//! its layer. They are put into the form of a bundle and checked like one.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::{Value, json};

/// The layer of a signature.
pub(crate) const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
/// The layer of an attestation.
pub(crate) const ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";

const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
const CHAIN: &str = "dev.sigstore.cosign/chain";
const LOG: &str = "dev.sigstore.cosign/bundle";
const TIMESTAMP: &str = "dev.sigstore.cosign/rfc3161timestamp";
/// Certificates of one chain.
const CERTIFICATES_MAX: usize = 10;

/// What is signed.
#[derive(Clone, Copy)]
pub(crate) enum Signed<'a> {
    /// A payload of simple signing.
    Payload(&'a [u8]),
    /// A DSSE envelope, which holds its signature.
    Envelope(&'a [u8]),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LogEntry {
    signed_entry_timestamp: String,
    payload: LogPayload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LogPayload {
    body: String,
    integrated_time: i64,
    log_index: i64,
    #[serde(rename = "logID")]
    log_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    api_version: String,
    kind: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Timestamp {
    #[serde(rename = "SignedRFC3161Timestamp")]
    token: String,
}

/// The bundle that says what a layer says.
///
/// # Errors
///
/// One sentence fragment where an annotation is missing or malformed.
pub(crate) fn bundle(
    annotations: &BTreeMap<String, String>,
    signed: Signed<'_>,
) -> Result<Vec<u8>, String> {
    let filled = |key: &str| annotations.get(key).filter(|text| !text.trim().is_empty());
    let mut material = match filled(CERTIFICATE) {
        Some(leaf) => {
            let chain = filled(CHAIN).map(String::as_str).unwrap_or_default();
            json!({ "x509CertificateChain": { "certificates": certificates(leaf, chain)? } })
        }
        None => json!({ "publicKey": { "hint": "" } }),
    };
    let log = filled(LOG).map(|text| entry(text)).transpose()?;
    // Only the oldest form of a bundle has a promise of the log without a proof; it must have one.
    let version = if log.is_some() { "0.1" } else { "0.2" };
    material["tlogEntries"] = Value::Array(log.into_iter().collect());
    if let Some(text) = filled(TIMESTAMP) {
        let stamp: Timestamp = serde_json::from_str(text).map_err(|_| malformed(TIMESTAMP))?;
        material["timestampVerificationData"] =
            json!({ "rfc3161Timestamps": [{ "signedTimestamp": stamp.token }] });
    }
    let media_type = format!("application/vnd.dev.sigstore.bundle+json;version={version}");
    let mut whole = json!({ "mediaType": media_type, "verificationMaterial": material });
    match signed {
        Signed::Payload(bytes) => {
            let signature = filled(SIGNATURE)
                .ok_or_else(|| format!("the layer has no annotation `{SIGNATURE}`"))?;
            let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
            whole["messageSignature"] = json!({
                "messageDigest": {
                    "algorithm": "SHA2_256",
                    "digest": BASE64.encode(digest.as_ref()),
                },
                "signature": signature,
            });
        }
        Signed::Envelope(bytes) => {
            whole["dsseEnvelope"] = serde_json::from_slice(bytes)
                .map_err(|_| "its layer is no DSSE envelope".to_owned())?;
        }
    }
    Ok(whole.to_string().into_bytes())
}

fn malformed(annotation: &str) -> String {
    format!("the annotation `{annotation}` is malformed")
}

fn certificates(leaf: &str, chain: &str) -> Result<Vec<Value>, String> {
    let mut found = Vec::new();
    for (text, annotation) in [(leaf, CERTIFICATE), (chain, CHAIN)] {
        for block in text.split("-----BEGIN CERTIFICATE-----").skip(1) {
            let body = block.split("-----END CERTIFICATE-----").next().unwrap_or_default();
            let body: String = body.split_whitespace().collect();
            let der = BASE64.decode(body.as_bytes()).map_err(|_| malformed(annotation))?;
            let encoded = json!({ "rawBytes": BASE64.encode(&der) });
            // The annotation of the certificate may repeat the first of the chain.
            if !found.contains(&encoded) {
                found.push(encoded);
            }
        }
        if found.is_empty() {
            return Err(malformed(annotation));
        }
    }
    // The root, which the chain ends with, is trusted or it is not: it proves nothing here.
    if found.len() > CERTIFICATES_MAX {
        return Err(malformed(CHAIN));
    }
    Ok(found)
}

fn entry(text: &str) -> Result<Value, String> {
    let log: LogEntry = serde_json::from_str(text).map_err(|_| malformed(LOG))?;
    let body = BASE64.decode(log.payload.body.as_bytes()).map_err(|_| malformed(LOG))?;
    let body: Body = serde_json::from_slice(&body).map_err(|_| malformed(LOG))?;
    let id = data_encoding::HEXLOWER_PERMISSIVE
        .decode(log.payload.log_id.as_bytes())
        .map_err(|_| malformed(LOG))?;
    Ok(json!({
        "logIndex": log.payload.log_index.to_string(),
        "logId": { "keyId": BASE64.encode(&id) },
        "kindVersion": { "kind": body.kind, "version": body.api_version },
        "integratedTime": log.payload.integrated_time.to_string(),
        "inclusionPromise": { "signedEntryTimestamp": log.signed_entry_timestamp },
        "canonicalizedBody": log.payload.body,
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{CERTIFICATE, LOG, SIGNATURE, Signed, bundle};

    #[test]
    fn what_is_missing_or_malformed_is_named() {
        let mut annotations = BTreeMap::new();
        let payload = Signed::Payload(b"{}");
        assert!(bundle(&annotations, payload).unwrap_err().contains(SIGNATURE));
        annotations.insert(SIGNATURE.to_owned(), "AA==".to_owned());
        assert!(bundle(&annotations, payload).is_ok());
        annotations.insert(LOG.to_owned(), "{}".to_owned());
        assert!(bundle(&annotations, payload).unwrap_err().contains(LOG));
        annotations.remove(LOG);
        annotations.insert(CERTIFICATE.to_owned(), "x".to_owned());
        assert!(bundle(&annotations, payload).unwrap_err().contains(CERTIFICATE));
        assert!(bundle(&BTreeMap::new(), Signed::Envelope(b"[")).is_err());
    }
}
