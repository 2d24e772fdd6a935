//! The public half of a key: what kind it is, how large, and a hash that tells keys apart.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest;
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1,
    EcdsaVerificationAlgorithm, ParsedPublicKey,
};

use crate::der::{self, BIT_STRING, INTEGER, NULL, OID, Reader, SEQUENCE};
use crate::limits::MAX_RSA_BITS;

const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
/// id-ecPublicKey with tag and length.
const EC_PUBLIC_KEY_TLV: &[u8] = &[OID, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(digest::digest(&digest::SHA256, bytes).as_ref()) {
        *to = *from;
    }
    hash
}

/// An elliptic curve.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-224, secp224r1.
    P224,
    /// NIST P-256, secp256r1, prime256v1.
    P256,
    /// NIST P-384, secp384r1.
    P384,
    /// NIST P-521, secp521r1.
    P521,
    /// secp256k1, Bitcoin's curve; no TLS stack takes it.
    Secp256k1,
    /// Another named curve, by object identifier; in words where none is named.
    Other(String),
    /// Written-out parameters, which RFC 5480 §2.1.1 forbids in certificates.
    Explicit,
}

impl Curve {
    pub(crate) fn from_oid(value: &[u8]) -> Self {
        match der::oid_text(value).as_str() {
            "1.3.132.0.33" => Self::P224,
            "1.2.840.10045.3.1.7" => Self::P256,
            "1.3.132.0.34" => Self::P384,
            "1.3.132.0.35" => Self::P521,
            "1.3.132.0.10" => Self::Secp256k1,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Bits of the field; none where the curve is not known.
    #[must_use]
    pub const fn bits(&self) -> Option<u32> {
        match self {
            Self::P224 => Some(224),
            Self::P256 | Self::Secp256k1 => Some(256),
            Self::P384 => Some(384),
            Self::P521 => Some(521),
            Self::Other(_) | Self::Explicit => None,
        }
    }

    const fn verifier(&self) -> Option<&'static EcdsaVerificationAlgorithm> {
        match self {
            Self::P256 => Some(&ECDSA_P256_SHA256_ASN1),
            Self::P384 => Some(&ECDSA_P384_SHA384_ASN1),
            Self::P521 => Some(&ECDSA_P521_SHA512_ASN1),
            _ => None,
        }
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::P224 => "P-224",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Secp256k1 => "secp256k1",
            Self::Other(oid) => match oid.as_str() {
                "1.2.840.10045.3.1.1" => "P-192",
                "1.2.156.10197.1.301" => "SM2",
                "1.3.36.3.3.2.8.1.1.7" => "brainpoolP256r1",
                "1.3.36.3.3.2.8.1.1.11" => "brainpoolP384r1",
                "1.3.36.3.3.2.8.1.1.13" => "brainpoolP512r1",
                other => other,
            },
            Self::Explicit => "explicit parameters",
        })
    }
}

/// What a key is for arithmetic.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA (RFC 8017).
    Rsa {
        /// Bits of the modulus.
        bits: u32,
        /// The public exponent; none where it does not fit 64 bits.
        exponent: Option<u64>,
        /// The modulus, big-endian without leading zeros; empty above
        /// [`crate::limits::MAX_RSA_BITS`].
        modulus: Arc<[u8]>,
        /// Whether the key is restricted to RSASSA-PSS (RFC 4055 §1.2).
        pss_only: bool,
    },
    /// Elliptic curve (RFC 5480).
    Ec {
        /// Its curve.
        curve: Curve,
    },
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// Ed448 (RFC 8410).
    Ed448,
    /// DSA, which TLS 1.3 and all browsers dropped.
    Dsa {
        /// Bits of the prime; none where the parameters are inherited.
        bits: Option<u32>,
    },
    /// Anything else, by object identifier: post-quantum, X25519, GOST.
    Other(String),
}

impl fmt::Display for KeyKind {
    /// The kind as a person names it: "RSA 2048", "ECDSA P-256".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits, .. } => write!(f, "RSA {bits}"),
            Self::Ec { curve } => write!(f, "ECDSA {curve}"),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Ed448 => f.write_str("Ed448"),
            Self::Dsa { bits: Some(bits) } => write!(f, "DSA {bits}"),
            Self::Dsa { bits: None } => f.write_str("DSA"),
            Self::Other(oid) => f.write_str(match oid.as_str() {
                "1.3.101.110" => "X25519",
                "1.3.101.111" => "X448",
                "2.16.840.1.101.3.4.3.17" => "ML-DSA-44",
                "2.16.840.1.101.3.4.3.18" => "ML-DSA-65",
                "2.16.840.1.101.3.4.3.19" => "ML-DSA-87",
                "1.2.643.2.2.19" => "GOST R 34.10-2001",
                "1.2.643.7.1.1.1.1" => "GOST R 34.10-2012 (256 bits)",
                "1.2.643.7.1.1.1.2" => "GOST R 34.10-2012 (512 bits)",
                other => other,
            }),
        }
    }
}

impl fmt::Debug for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A public key, or the public half of a private one.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyFacts {
    /// Algorithm and size.
    pub kind: KeyKind,
    /// SHA-256 of the key's `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7) in its customary encoding:
    /// RSA as rsaEncryption with NULL parameters, an elliptic curve by name with an uncompressed
    /// point. A certificate and a private key belong together if this is equal.
    pub spki_sha256: [u8; 32],
    /// The content of the subjectPublicKey bit string.
    pub(crate) bits: Arc<[u8]>,
}

impl fmt::Debug for KeyFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyFacts({}, {})", self.kind, self.spki_sha256_hex())
    }
}

impl KeyFacts {
    /// [`Self::spki_sha256`] in lower-case hexadecimal.
    #[must_use]
    pub fn spki_sha256_hex(&self) -> String {
        der::hex(&self.spki_sha256)
    }

    /// Reads the key of a certificate, be it broken: then its kind is the identifier.
    pub(crate) fn of_certificate(spki: &[u8]) -> Self {
        Self::from_spki(spki).unwrap_or_else(|| {
            let oid = Reader::within(spki, SEQUENCE)
                .and_then(|mut parts| Reader::new(parts.take(SEQUENCE)?).take(OID));
            let kind = KeyKind::Other(der::oid_text(oid.unwrap_or_default()));
            Self { kind, spki_sha256: sha256(spki), bits: Arc::default() }
        })
    }

    /// The public exponent of an RSA key, big-endian without leading zeros, whatever its length.
    #[must_use]
    pub fn rsa_exponent(&self) -> Option<&[u8]> {
        if !matches!(self.kind, KeyKind::Rsa { .. }) {
            return None;
        }
        let mut numbers = Reader::within(&self.bits, SEQUENCE)?;
        let _modulus = numbers.take(INTEGER)?;
        numbers.take(INTEGER).map(der::trimmed)
    }

    /// Reads a `SubjectPublicKeyInfo`; none where it is not one.
    #[must_use]
    pub fn from_spki(spki: &[u8]) -> Option<Self> {
        let mut outer = Reader::within(spki, SEQUENCE)?;
        let mut algorithm = Reader::new(outer.take(SEQUENCE)?);
        let bits = der::octets_of_bits(outer.take(BIT_STRING)?)?;
        let oid = algorithm.take(OID)?;
        Self::from_parts(oid, algorithm, bits).or_else(|| {
            let kind = KeyKind::Other(der::oid_text(oid));
            Some(Self { kind, spki_sha256: sha256(spki), bits: bits.into() })
        })
    }

    /// Builds the facts of a key from algorithm, parameters and subjectPublicKey.
    fn from_parts(oid: &[u8], mut parameters: Reader<'_>, bits: &[u8]) -> Option<Self> {
        match der::oid_text(oid).as_str() {
            "1.2.840.113549.1.1.1" => Self::rsa_public(bits, false),
            "1.2.840.113549.1.1.10" => Self::rsa_public(bits, true),
            "1.2.840.10045.2.1" => Some(match parameters.take(OID) {
                Some(curve) => Self::ec(curve, bits),
                None => {
                    let curve = if parameters.peek() == Some(SEQUENCE) {
                        Curve::Explicit
                    } else {
                        Curve::Other("no named curve".to_owned())
                    };
                    let kind = KeyKind::Ec { curve };
                    Self::of(kind, &[EC_PUBLIC_KEY_TLV, parameters.rest()], bits)
                }
            }),
            "1.2.840.10040.4.1" => {
                let prime = parameters
                    .take(SEQUENCE)
                    .and_then(|parameters| Reader::new(parameters).take(INTEGER));
                let kind = KeyKind::Dsa { bits: prime.map(der::bits) };
                // Parameters may be inherited, so the key is told by its number alone.
                Some(Self::of(kind, &[&der::element(OID, &[oid])], bits))
            }
            "1.3.101.112" => Some(Self::edwards(KeyKind::Ed25519, oid, bits)),
            "1.3.101.113" => Some(Self::edwards(KeyKind::Ed448, oid, bits)),
            _ => None,
        }
    }

    pub(crate) fn rsa_public(public_key: &[u8], pss_only: bool) -> Option<Self> {
        let mut numbers = Reader::within(public_key, SEQUENCE)?;
        let modulus = numbers.take(INTEGER)?;
        let exponent = numbers.take(INTEGER)?;
        Some(Self::rsa(modulus, exponent, pss_only))
    }

    /// An RSA key by its numbers.
    pub(crate) fn rsa(modulus: &[u8], exponent: &[u8], pss_only: bool) -> Self {
        let public_key =
            der::element(SEQUENCE, &[&der::unsigned(modulus), &der::unsigned(exponent)]);
        let bits = der::bits(modulus);
        let exponent = der::trimmed(exponent);
        let exponent = (exponent.len() <= 8)
            .then(|| exponent.iter().fold(0_u64, |sum, &byte| (sum << 8) | u64::from(byte)));
        let modulus: Arc<[u8]> =
            if bits > MAX_RSA_BITS { Arc::default() } else { der::trimmed(modulus).into() };
        let identifier = der::element(OID, &[RSA_ENCRYPTION]);
        let kind = KeyKind::Rsa { bits, exponent, modulus, pss_only };
        Self::of(kind, &[&identifier, &[NULL, 0]], &public_key)
    }

    /// A key on a named curve, given the curve's identifier and the point (SEC 1 §2.3.3).
    pub(crate) fn ec(curve_oid: &[u8], point: &[u8]) -> Self {
        let curve = Curve::from_oid(curve_oid);
        let compressed = matches!(point.first(), Some(2 | 3));
        let verifier = curve.verifier();
        let kind = KeyKind::Ec { curve };
        let identifier = der::element(OID, &[curve_oid]);
        let mut facts = Self::of(kind, &[EC_PUBLIC_KEY_TLV, &identifier], point);
        if let Some(verifier) = verifier.filter(|_| compressed)
            && let Ok(parsed) = ParsedPublicKey::new(verifier, point)
            && let Ok(spki) = AsDer::<PublicKeyX509Der<'_>>::as_der(&parsed)
        {
            facts.spki_sha256 = sha256(spki.as_ref());
        }
        facts
    }

    /// A key whose algorithm has no parameters (RFC 8410 §3).
    pub(crate) fn edwards(kind: KeyKind, oid: &[u8], bits: &[u8]) -> Self {
        Self::of(kind, &[&der::element(OID, &[oid])], bits)
    }

    fn of(kind: KeyKind, algorithm: &[&[u8]], bits: &[u8]) -> Self {
        let algorithm = der::element(SEQUENCE, algorithm);
        let subject_public_key = der::element(BIT_STRING, &[&[0], bits]);
        let spki = der::element(SEQUENCE, &[&algorithm, &subject_public_key]);
        Self { kind, spki_sha256: sha256(&spki), bits: bits.into() }
    }

    /// A DSA key by prime and public number (RFC 3279 §2.3.2).
    pub(crate) fn dsa(prime: &[u8], public: &[u8]) -> Self {
        let identifier = der::element(OID, &[DSA]);
        let kind = KeyKind::Dsa { bits: Some(der::bits(prime)) };
        Self::of(kind, &[&identifier], &der::unsigned(public))
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyFacts, KeyKind};

    #[test]
    fn large_moduli_are_named_and_not_kept() {
        let facts = KeyFacts::rsa(&[0xff; 4096], &[1, 0, 1], false);
        let KeyKind::Rsa { bits, exponent, modulus, .. } = facts.kind else { panic!("RSA") };
        assert_eq!((bits, exponent, modulus.len()), (32_768, Some(65_537), 0));
    }
}
