//! Signature algorithms by name, and the check of one signature.

use aws_lc_rs::signature::{self as aws, UnparsedPublicKey, VerificationAlgorithm};

use crate::der::{self, BIT_STRING, OID, Reader, SEQUENCE};
use crate::public_key::{Curve, KeyFacts, KeyKind};

/// How a certificate was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureFacts {
    /// The customary name, such as `sha256WithRSAEncryption`; the identifier where there is none.
    pub name: String,
    /// The algorithm's object identifier, dotted.
    pub oid: String,
    /// The broken hash the signature rests on: `MD2`, `MD4`, `MD5` or `SHA-1`.
    pub weak: Option<&'static str>,
    /// Whether the two places that name the algorithm differ (RFC 5280 §4.1.1.2 forbids it).
    pub inner_differs: bool,
    /// Hash and salt length of RSASSA-PSS.
    pss: Option<(Hash, u32)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Md2,
    Md4,
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Unknown,
}

impl Hash {
    fn from_oid(value: &[u8]) -> Self {
        match der::oid_text(value).as_str() {
            "1.2.840.113549.2.5" => Self::Md5,
            "1.3.14.3.2.26" => Self::Sha1,
            "2.16.840.1.101.3.4.2.4" => Self::Sha224,
            "2.16.840.1.101.3.4.2.1" => Self::Sha256,
            "2.16.840.1.101.3.4.2.2" => Self::Sha384,
            "2.16.840.1.101.3.4.2.3" => Self::Sha512,
            _ => Self::Unknown,
        }
    }

    const fn weak(self) -> Option<&'static str> {
        match self {
            Self::Md2 => Some("MD2"),
            Self::Md4 => Some("MD4"),
            Self::Md5 => Some("MD5"),
            Self::Sha1 => Some("SHA-1"),
            _ => None,
        }
    }

    const fn length(self) -> Option<u32> {
        match self {
            Self::Sha256 => Some(32),
            Self::Sha384 => Some(48),
            Self::Sha512 => Some(64),
            _ => None,
        }
    }
}

/// Name and hash of the algorithms that are met in certificates.
fn known(oid: &str) -> Option<(&'static str, Hash)> {
    Some(match oid {
        "1.2.840.113549.1.1.2" => ("md2WithRSAEncryption", Hash::Md2),
        "1.2.840.113549.1.1.4" => ("md5WithRSAEncryption", Hash::Md5),
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => ("sha1WithRSAEncryption", Hash::Sha1),
        "1.2.840.113549.1.1.14" => ("sha224WithRSAEncryption", Hash::Sha224),
        "1.2.840.113549.1.1.11" => ("sha256WithRSAEncryption", Hash::Sha256),
        "1.2.840.113549.1.1.12" => ("sha384WithRSAEncryption", Hash::Sha384),
        "1.2.840.113549.1.1.13" => ("sha512WithRSAEncryption", Hash::Sha512),
        "1.2.840.10045.4.1" => ("ecdsa-with-SHA1", Hash::Sha1),
        "1.2.840.10045.4.3.1" => ("ecdsa-with-SHA224", Hash::Sha224),
        "1.2.840.10045.4.3.2" => ("ecdsa-with-SHA256", Hash::Sha256),
        "1.2.840.10045.4.3.3" => ("ecdsa-with-SHA384", Hash::Sha384),
        "1.2.840.10045.4.3.4" => ("ecdsa-with-SHA512", Hash::Sha512),
        "1.2.840.10040.4.3" | "1.3.14.3.2.27" => ("dsa-with-SHA1", Hash::Sha1),
        "2.16.840.1.101.3.4.3.1" => ("dsa-with-SHA224", Hash::Sha224),
        "2.16.840.1.101.3.4.3.2" => ("dsa-with-SHA256", Hash::Sha256),
        "1.2.840.113549.1.1.3" => ("md4WithRSAEncryption", Hash::Md4),
        "1.3.14.3.2.3" | "1.3.14.3.2.25" => ("md5WithRSA", Hash::Md5),
        "1.3.101.112" => ("Ed25519", Hash::Unknown),
        "1.3.101.113" => ("Ed448", Hash::Unknown),
        "2.16.840.1.101.3.4.3.17" => ("ML-DSA-44", Hash::Unknown),
        "2.16.840.1.101.3.4.3.18" => ("ML-DSA-65", Hash::Unknown),
        "2.16.840.1.101.3.4.3.19" => ("ML-DSA-87", Hash::Unknown),
        _ => return None,
    })
}

/// The customary name of a signature algorithm; its identifier where there is none.
pub(crate) fn name(oid: &str) -> &str {
    known(oid).map_or(oid, |(name, _)| name)
}

const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";

impl SignatureFacts {
    /// Reads the content of an `AlgorithmIdentifier` (RFC 5280 §4.1.1.2).
    pub(crate) fn read(algorithm: &[u8], inner_differs: bool) -> Self {
        let mut algorithm = Reader::new(algorithm);
        let oid = der::oid_text(algorithm.take(OID).unwrap_or_default());
        if oid == RSASSA_PSS {
            let (hash, salt) = pss_parameters(algorithm);
            let name = "RSASSA-PSS".to_owned();
            let pss = Some((hash, salt));
            return Self { name, oid, weak: hash.weak(), inner_differs, pss };
        }
        let (name, weak) = match known(&oid) {
            Some((name, hash)) => (name.to_owned(), hash.weak()),
            None => (oid.clone(), None),
        };
        Self { name, oid, weak, inner_differs, pss: None }
    }

    /// The algorithm to check with, if the library has it for this key.
    pub(crate) fn verifier(&self, key: &KeyKind) -> Option<&'static dyn VerificationAlgorithm> {
        let hash = known(&self.oid).map_or(Hash::Unknown, |(_, hash)| hash);
        match key {
            KeyKind::Rsa { bits, .. } if self.oid == RSASSA_PSS => {
                let (hash, salt) = self.pss?;
                if !(2048..=8192).contains(bits) || hash.length() != Some(salt) {
                    return None;
                }
                match hash {
                    Hash::Sha256 => Some(&aws::RSA_PSS_2048_8192_SHA256),
                    Hash::Sha384 => Some(&aws::RSA_PSS_2048_8192_SHA384),
                    Hash::Sha512 => Some(&aws::RSA_PSS_2048_8192_SHA512),
                    _ => None,
                }
            }
            KeyKind::Rsa { bits, pss_only: false, .. }
                if (1024..=8192).contains(bits) && self.name.ends_with("WithRSAEncryption") =>
            {
                match hash {
                    Hash::Sha1 => Some(&aws::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
                    Hash::Sha256 => Some(&aws::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
                    Hash::Sha384 if *bits >= 2048 => Some(&aws::RSA_PKCS1_2048_8192_SHA384),
                    Hash::Sha512 => Some(&aws::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
                    _ => None,
                }
            }
            KeyKind::Ec { curve } if self.oid.starts_with("1.2.840.10045.4.") => {
                ecdsa_verifier(curve, hash)
            }
            KeyKind::Ed25519 if self.oid == "1.3.101.112" => Some(&aws::ED25519),
            _ => None,
        }
    }

    /// Whether an algorithm of this signature can be made by a key of this kind at all.
    fn fits(&self, key: &KeyKind) -> bool {
        let rsa = self.oid == RSASSA_PSS || self.name.ends_with("WithRSAEncryption");
        match key {
            KeyKind::Rsa { .. } => rsa,
            KeyKind::Ec { .. } => self.oid.starts_with("1.2.840.10045.4."),
            KeyKind::Ed25519 => self.oid == "1.3.101.112",
            KeyKind::Ed448 => self.oid == "1.3.101.113",
            KeyKind::Dsa { .. } => self.name.starts_with("dsa-"),
            // An unknown key may make any signature that is not known to be another key's.
            KeyKind::Other(_) => known(&self.oid).is_none() || self.name.starts_with("ML-DSA"),
        }
    }
}

fn ecdsa_verifier(curve: &Curve, hash: Hash) -> Option<&'static dyn VerificationAlgorithm> {
    Some(match (curve, hash) {
        (Curve::P256, Hash::Sha1) => &aws::ECDSA_P256_SHA1_ASN1,
        (Curve::P256, Hash::Sha256) => &aws::ECDSA_P256_SHA256_ASN1,
        (Curve::P256, Hash::Sha384) => &aws::ECDSA_P256_SHA384_ASN1,
        (Curve::P256, Hash::Sha512) => &aws::ECDSA_P256_SHA512_ASN1,
        (Curve::P384, Hash::Sha256) => &aws::ECDSA_P384_SHA256_ASN1,
        (Curve::P384, Hash::Sha384) => &aws::ECDSA_P384_SHA384_ASN1,
        (Curve::P384, Hash::Sha512) => &aws::ECDSA_P384_SHA512_ASN1,
        (Curve::P521, Hash::Sha1) => &aws::ECDSA_P521_SHA1_ASN1,
        (Curve::P521, Hash::Sha224) => &aws::ECDSA_P521_SHA224_ASN1,
        (Curve::P521, Hash::Sha256) => &aws::ECDSA_P521_SHA256_ASN1,
        (Curve::P521, Hash::Sha384) => &aws::ECDSA_P521_SHA384_ASN1,
        (Curve::P521, Hash::Sha512) => &aws::ECDSA_P521_SHA512_ASN1,
        (Curve::Secp256k1, Hash::Sha256) => &aws::ECDSA_P256K1_SHA256_ASN1,
        _ => return None,
    })
}

/// Hash and salt length of RSASSA-PSS-params (RFC 4055 §3.1); both have defaults.
fn pss_parameters(mut parameters: Reader<'_>) -> (Hash, u32) {
    let mut fields = Reader::new(parameters.take(SEQUENCE).unwrap_or_default());
    let hash = fields.take(0xa0).map_or(Hash::Sha1, |hash| {
        let oid = Reader::within(hash, SEQUENCE).and_then(|mut hash| hash.take(OID));
        Hash::from_oid(oid.unwrap_or_default())
    });
    let _mask_generation = fields.take(0xa1);
    let salt = fields.take(0xa2).and_then(|salt| Reader::new(salt).take(der::INTEGER));
    let salt = salt.map_or(20, |salt| match der::trimmed(salt) {
        [] => 0,
        [salt] => u32::from(*salt),
        _ => u32::MAX,
    });
    (hash, salt)
}

/// What the check of a signature said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verification {
    Valid,
    Invalid,
    Unsupported,
}

/// Checks the signature of a certificate with a key.
pub(crate) fn verify(
    certificate: &[u8],
    signature: &SignatureFacts,
    key: &KeyFacts,
) -> Verification {
    let Some(verifier) = signature.verifier(&key.kind) else {
        let fits = signature.fits(&key.kind);
        return if fits { Verification::Unsupported } else { Verification::Invalid };
    };
    let signed = Reader::within(certificate, SEQUENCE).and_then(|mut fields| {
        let tbs = fields.next()?;
        fields.next()?;
        Some((tbs.raw, der::octets_of_bits(fields.take(BIT_STRING)?)?))
    });
    let Some((tbs, value)) = signed else { return Verification::Invalid };
    match UnparsedPublicKey::new(verifier, &key.bits).verify(tbs, value) {
        Ok(()) => Verification::Valid,
        Err(_) => Verification::Invalid,
    }
}
