//! `AlgorithmIdentifier`s, which the strict verifiers compare byte by byte.

use crate::der::{self, NULL, OID, Reader, SEQUENCE};
use crate::outline::Outline;
use crate::signature;

/// Where an algorithm is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AlgorithmPlace {
    /// Of the public key.
    Key,
    /// Of the signature.
    Signature,
}

/// Something unusual about an algorithm identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlgorithmDefect {
    /// Where.
    pub place: AlgorithmPlace,
    /// Whether only the rules for public CAs forbid it (Baseline Requirements 7.1.3, Mozilla's
    /// Root Store Policy 5.1), as against the standard of the algorithm.
    pub public_only: bool,
    /// In words: what stands there.
    pub words: String,
}

/// `AlgorithmIdentifier`s of keys that Baseline Requirements 7.1.3.1 lists, byte for byte.
const KEYS: [&[u8]; 4] = [
    b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00",
    b"\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07",
    b"\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22",
    b"\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23",
];

const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";
const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";
const EC_PUBLIC_KEY: &str = "1.2.840.10045.2.1";
/// The start of the identifiers of PKCS#1.
const PKCS1: &str = "1.2.840.113549.1.1.";
/// The start of the identifiers of ECDSA with a hash.
const ECDSA: &str = "1.2.840.10045.4.";
const NULL_TLV: &[u8] = &[NULL, 0];

pub(super) fn examine(outline: &Outline<'_>, defects: &mut Vec<AlgorithmDefect>) {
    if let Some(key) = Reader::within(outline.key.raw, SEQUENCE).and_then(|mut key| key.next()) {
        let told = key_defect(key.value);
        if let Some(words) = told {
            defects.push(AlgorithmDefect { place: AlgorithmPlace::Key, public_only: false, words });
        } else if !KEYS.contains(&key.raw) {
            let (oid, _) = split(key.value);
            let words = known_key(&oid).to_owned();
            defects.push(AlgorithmDefect { place: AlgorithmPlace::Key, public_only: true, words });
        }
    }
    // Where the two differ, that is what is wrong.
    let place = AlgorithmPlace::Signature;
    if let Some(words) = signature_defect(outline.inner.value) {
        defects.push(AlgorithmDefect { place, public_only: false, words });
    } else if let Some(words) = unmatched(outline.inner.value, outline.signature.value) {
        defects.push(AlgorithmDefect { place, public_only: true, words });
    }
}

/// Identifier and parameters with their tag.
fn split(algorithm: &[u8]) -> (String, &[u8]) {
    let mut fields = Reader::new(algorithm);
    let oid = der::oid_text(fields.take(OID).unwrap_or_default());
    (oid, fields.rest())
}

fn known_key(oid: &str) -> &str {
    match oid {
        RSA_ENCRYPTION => "rsaEncryption",
        RSASSA_PSS => "RSASSA-PSS",
        EC_PUBLIC_KEY => "ecPublicKey",
        "1.3.101.110" => "X25519",
        "1.3.101.111" => "X448",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        "1.2.840.10040.4.1" => "DSA",
        other => other,
    }
}

/// RFC 3279 §2.3.1, RFC 5480 §2.1.1, RFC 8410 §3.
fn key_defect(algorithm: &[u8]) -> Option<String> {
    let (oid, parameters) = split(algorithm);
    let name = known_key(&oid);
    let words = match (oid.as_str(), parameters) {
        (RSA_ENCRYPTION, NULL_TLV) => return None,
        (RSA_ENCRYPTION, []) => "rsaEncryption without its NULL".to_owned(),
        (RSA_ENCRYPTION, _) => "rsaEncryption with parameters other than NULL".to_owned(),
        (EC_PUBLIC_KEY, []) => "ecPublicKey without a curve".to_owned(),
        (EC_PUBLIC_KEY, NULL_TLV) => "ecPublicKey with NULL for its curve".to_owned(),
        (EC_PUBLIC_KEY, [OID, ..]) if !is_one(parameters) => {
            "ecPublicKey with data behind its curve".to_owned()
        }
        ("1.3.101.110" | "1.3.101.111" | "1.3.101.112" | "1.3.101.113", [_, ..]) => {
            format!("{name} with parameters")
        }
        _ => return None,
    };
    Some(words)
}

fn is_one(element: &[u8]) -> bool {
    let mut reader = Reader::new(element);
    reader.next().is_some() && reader.rest().is_empty()
}

/// RFC 3279 §2.2.1, RFC 4055 §5, RFC 5758 §3, RFC 8410 §3.
fn signature_defect(algorithm: &[u8]) -> Option<String> {
    let (oid, parameters) = split(algorithm);
    let name = signature::name(&oid);
    let words = match parameters {
        _ if oid == RSASSA_PSS => return pss_defect(parameters),
        NULL_TLV if oid.starts_with(PKCS1) => return None,
        [] if oid.starts_with(PKCS1) => format!("{name} without its NULL"),
        _ if oid == RSA_ENCRYPTION => "rsaEncryption, which is no signature".to_owned(),
        _ if oid.starts_with(PKCS1) => format!("{name} with parameters other than NULL"),
        [_, ..] if oid.starts_with(ECDSA) || oid.starts_with("1.3.101.11") => {
            format!("{name} with parameters")
        }
        _ => return None,
    };
    Some(words)
}

/// `RSASSA-PSS-params` (RFC 4055 §3.1). TLS and the rules for public CAs know three: SHA-256, -384
/// and -512, each with MGF1 over the same hash and a salt as long as the hash.
fn pss_defect(parameters: &[u8]) -> Option<String> {
    const HASHES: [(&str, u8, u8); 3] =
        [("SHA-256", 1, 32), ("SHA-384", 2, 48), ("SHA-512", 3, 64)];
    let expected = |hash: u8, salt: u8| {
        let hash = [0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, hash, 5, 0];
        let mask_oid = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8];
        let mask = der::element(SEQUENCE, &[&mask_oid, &hash]);
        let salt = der::unsigned(&[salt]);
        let (hash, mask) = (der::element(0xa0, &[&hash]), der::element(0xa1, &[&mask]));
        der::element(SEQUENCE, &[&hash, &mask, &der::element(0xa2, &[&salt])])
    };
    let hash = Reader::within(parameters, SEQUENCE).and_then(|mut fields| {
        let hash = fields.take(0xa0)?;
        Reader::within(hash, SEQUENCE)?.take(OID)
    });
    // A missing hash means SHA-1.
    let Some(hash) = hash.filter(|hash| *hash != [0x2b, 0x0e, 3, 2, 0x1a]) else {
        return Some("RSASSA-PSS with SHA-1".to_owned());
    };
    let known = HASHES.iter().find(|(_, last, _)| {
        hash.strip_prefix(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2]) == Some(std::slice::from_ref(last))
    });
    let Some((name, last, salt)) = known else {
        return Some("RSASSA-PSS with a hash that TLS does not know".to_owned());
    };
    (parameters != expected(*last, *salt)).then(|| {
        format!("RSASSA-PSS with {name} and other parameters than MGF1 with {name} and a salt of {salt} bytes")
    })
}

/// A hash that does not belong to the curve of the signing key, which is told by the length of the
/// signature: two numbers as long as the curve's order, nearly always.
fn unmatched(algorithm: &[u8], signature: &[u8]) -> Option<String> {
    let (oid, _) = split(algorithm);
    if !oid.starts_with(ECDSA) {
        return None;
    }
    let (curve, hash) = match signature.len().saturating_sub(1) {
        ..=72 => ("P-256", "1.2.840.10045.4.3.2"),
        73..=104 => ("P-384", "1.2.840.10045.4.3.3"),
        105..=140 => ("P-521", "1.2.840.10045.4.3.4"),
        _ => return Some("a signature longer than any of P-521".to_owned()),
    };
    let name = signature::name(&oid);
    (oid != hash).then(|| format!("{name} by a key on {curve}"))
}
