//! Private keys: their form, and the public half. Nothing of the secret half is kept.

use aws_lc_rs::agreement;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};

use crate::der::{self, BIT_STRING, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE};
use crate::public_key::{Curve, KeyFacts, KeyKind};
use crate::rsa_private::{Numbers, PrivateWeakness};

const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
const P521: &[u8] = &[0x2b, 0x81, 4, 0, 0x23];

/// How a private key is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PrivateKeyFormat {
    /// `RSAPrivateKey` (RFC 8017 §A.1.2).
    Pkcs1,
    /// `PrivateKeyInfo`, `OneAsymmetricKey` (RFC 5958).
    Pkcs8,
    /// `ECPrivateKey` (RFC 5915).
    Sec1,
    /// OpenSSH's own format.
    OpenSsh,
    /// `EncryptedPrivateKeyInfo` (RFC 5958 §3).
    EncryptedPkcs8,
    /// A key encrypted under RFC 1421 headers (`Proc-Type: 4,ENCRYPTED`): one round of MD5 over
    /// the password.
    LegacyEncrypted,
    /// OpenSSL's DSA form.
    Dsa,
    /// OpenPGP; not opened.
    Pgp,
    /// A form that is not known, or a key that cannot be read.
    Other,
}

/// How a password protects a private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encryption {
    /// RFC 1421 headers: the key is one round of MD5 over the password.
    Rfc1421,
    /// PBES1 (RFC 8018 §6.1): MD5 or SHA-1, and DES or RC2 with 64 bits.
    Pbes1,
    /// The schemes of PKCS#12 (RFC 7292 appendix C): SHA-1, and RC4, RC2 or 3DES.
    Pkcs12,
    /// PBES2 (RFC 8018 §6.2) with DES or RC2.
    Pbes2Broken,
    /// PBES2 with a cipher of this century, or 3DES.
    Pbes2,
    /// OpenSSH's own, by bcrypt.
    OpenSsh,
}

/// A private key. Holds its public half and verdicts on the other, so it may be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateKey {
    /// Its form, by content rather than by label.
    pub format: PrivateKeyFormat,
    /// Whether a password protects it. OpenPGP keys are not opened and count as unprotected.
    pub encrypted: bool,
    /// How the password protects it, where that is known.
    pub encryption: Option<Encryption>,
    /// The public half, where it could be read or computed.
    pub key: Option<KeyFacts>,
    /// What is wrong with it, in words that hold nothing of the key.
    pub problem: Option<String>,
    /// What its private numbers say against it, in order; none where they are not known.
    pub weaknesses: Vec<PrivateWeakness>,
}

impl PrivateKey {
    pub(crate) const fn opaque(format: PrivateKeyFormat, encrypted: bool) -> Self {
        Self {
            format,
            encrypted,
            encryption: None,
            key: None,
            problem: None,
            weaknesses: Vec::new(),
        }
    }

    /// Reads a private key from DER, whatever its form; none where the bytes are no such thing.
    #[must_use]
    pub fn from_der(bytes: &[u8]) -> Option<Self> {
        let mut fields = Reader::within(bytes, SEQUENCE)?;
        if fields.peek() == Some(SEQUENCE) {
            return encrypted(fields);
        }
        let version = fields.take(INTEGER)?;
        match fields.peek()? {
            SEQUENCE => pkcs8(fields),
            OCTET_STRING => {
                let mut key = sec1(fields, None)?;
                key.format = PrivateKeyFormat::Sec1;
                Some(key)
            }
            INTEGER if version.len() == 1 => numbers(version, fields),
            _ => None,
        }
    }
}

/// `EncryptedPrivateKeyInfo`: told from other pairs by its password-based algorithm (PKCS#5 and
/// PKCS#12 identifiers). The parameters are not acted on.
fn encrypted(mut fields: Reader<'_>) -> Option<PrivateKey> {
    const PKCS5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5];
    const PKCS12_PBE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1];
    let mut algorithm = Reader::new(fields.take(SEQUENCE)?);
    let oid = algorithm.take(OID)?;
    fields.take(OCTET_STRING)?;
    let encryption = if oid.starts_with(PKCS12_PBE) {
        Encryption::Pkcs12
    } else {
        match oid.strip_prefix(PKCS5)? {
            // PBES2, and the schemes that it replaces.
            [13] if has_broken_cipher(algorithm) => Encryption::Pbes2Broken,
            [13] => Encryption::Pbes2,
            _ => Encryption::Pbes1,
        }
    };
    let key = PrivateKey::opaque(PrivateKeyFormat::EncryptedPkcs8, true);
    Some(PrivateKey { encryption: Some(encryption), ..key })
}

/// Whether the parameters of PBES2 name desCBC or rc2CBC.
fn has_broken_cipher(mut algorithm: Reader<'_>) -> bool {
    const DES_CBC: &[u8] = &[0x2b, 0x0e, 3, 2, 7];
    const RC2_CBC: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 3, 2];
    let cipher = || {
        let mut parameters = Reader::new(algorithm.take(SEQUENCE)?);
        let _derivation = parameters.take(SEQUENCE)?;
        Reader::new(parameters.take(SEQUENCE)?).take(OID)
    };
    matches!({ cipher }(), Some(DES_CBC | RC2_CBC))
}

/// `RSAPrivateKey` has nine numbers, OpenSSL's DSA key six; the version is read already.
fn numbers(version: &[u8], mut fields: Reader<'_>) -> Option<PrivateKey> {
    let mut numbers: Vec<&[u8]> = Vec::new();
    while numbers.len() < 8 {
        let Some(number) = fields.take(INTEGER) else { break };
        numbers.push(number);
    }
    match numbers.as_slice() {
        &[modulus, exponent, private, p, q, under_p, under_q, coefficient] => {
            let mut key = PrivateKey::opaque(PrivateKeyFormat::Pkcs1, false);
            key.key = Some(KeyFacts::rsa(modulus, exponent, false));
            if der::bits(modulus) == 0 {
                key.problem = Some("RSA modulus is zero".to_owned());
            } else {
                let numbers = Numbers {
                    modulus,
                    public: exponent,
                    private,
                    primes: [p, q],
                    remainders: [under_p, under_q],
                    coefficient,
                    more_primes: der::bits(version) > 0,
                };
                key.weaknesses = numbers.weaknesses();
            }
            Some(key)
        }
        [prime, _, _, public, _] => {
            let mut key = PrivateKey::opaque(PrivateKeyFormat::Dsa, false);
            key.key = Some(KeyFacts::dsa(prime, public));
            Some(key)
        }
        _ => None,
    }
}

fn pkcs8(mut fields: Reader<'_>) -> Option<PrivateKey> {
    let mut algorithm = Reader::new(fields.take(SEQUENCE)?);
    let secret = fields.take(OCTET_STRING)?;
    let _attributes = fields.take(0xa0);
    let embedded = fields.take(0x81).and_then(der::octets_of_bits);
    let oid = algorithm.take(OID)?;
    let mut key = match der::oid_text(oid).as_str() {
        "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" => {
            let mut fields = Reader::within(secret, SEQUENCE);
            let inner = fields.as_mut().and_then(|fields| {
                let version = fields.take(INTEGER)?;
                numbers(version, *fields)
            });
            inner.filter(|key| key.format == PrivateKeyFormat::Pkcs1).unwrap_or_else(broken)
        }
        "1.2.840.10045.2.1" => {
            let curve = algorithm.take(OID);
            let inner = Reader::within(secret, SEQUENCE).and_then(|mut fields| {
                fields.take(INTEGER)?;
                sec1(fields, curve)
            });
            inner.unwrap_or_else(broken)
        }
        "1.3.101.112" => {
            let seed = Reader::new(secret).take(OCTET_STRING).unwrap_or_default();
            match Ed25519KeyPair::from_seed_unchecked(seed) {
                Ok(pair) => {
                    let public = pair.public_key().as_ref();
                    let mut key = with_key(KeyFacts::edwards(KeyKind::Ed25519, oid, public));
                    key.problem = foreign(embedded, public);
                    key
                }
                Err(_) => broken(),
            }
        }
        "1.3.101.113" => match embedded {
            Some(public) => with_key(KeyFacts::edwards(KeyKind::Ed448, oid, public)),
            None => PrivateKey::opaque(PrivateKeyFormat::Pkcs8, false),
        },
        "1.2.840.10040.4.1" => PrivateKey::opaque(PrivateKeyFormat::Pkcs8, false),
        other => match embedded {
            Some(public) => {
                with_key(KeyFacts::edwards(KeyKind::Other(other.to_owned()), oid, public))
            }
            None => PrivateKey::opaque(PrivateKeyFormat::Pkcs8, false),
        },
    };
    key.format = PrivateKeyFormat::Pkcs8;
    Some(key)
}

fn with_key(key: KeyFacts) -> PrivateKey {
    PrivateKey { key: Some(key), ..PrivateKey::opaque(PrivateKeyFormat::Pkcs8, false) }
}

fn broken() -> PrivateKey {
    let problem = Some("the private key inside cannot be read".to_owned());
    PrivateKey { problem, ..PrivateKey::opaque(PrivateKeyFormat::Pkcs8, false) }
}

/// Says so where a public key is stored beside the private key and is not its public half.
fn foreign(embedded: Option<&[u8]>, computed: &[u8]) -> Option<String> {
    // A compressed point (SEC 1 §2.3.3) has another length and is not compared.
    let differs =
        embedded.is_some_and(|embedded| embedded.len() == computed.len() && embedded != computed);
    differs
        .then(|| "the public key stored beside the private key belongs to another key".to_owned())
}

/// `ECPrivateKey` after its version. The curve stands outside in PKCS#8 and inside else.
fn sec1(mut fields: Reader<'_>, curve: Option<&[u8]>) -> Option<PrivateKey> {
    let scalar = fields.take(OCTET_STRING)?;
    let parameters = fields.take(0xa0);
    let embedded = fields
        .take(0xa1)
        .and_then(|public| Reader::new(public).take(BIT_STRING))
        .and_then(der::octets_of_bits);
    let inside = parameters.and_then(|parameters| Reader::new(parameters).take(OID));
    let mut key = PrivateKey::opaque(PrivateKeyFormat::Sec1, false);
    let Some(curve) = curve.or(inside) else {
        key.problem = Some("the private key does not name its curve".to_owned());
        return Some(key);
    };
    let Some(algorithm) = agreement_for(curve) else {
        key.key = embedded.map(|point| KeyFacts::ec(curve, point));
        return Some(key);
    };
    match point(algorithm, curve, scalar) {
        Some(point) => {
            key.problem = foreign(embedded, &point);
            key.key = Some(KeyFacts::ec(curve, &point));
        }
        None => {
            let name = Curve::from_oid(curve);
            key.problem = Some(format!("the private number is out of range for {name}"));
            key.key = embedded.map(|point| KeyFacts::ec(curve, point));
        }
    }
    Some(key)
}

fn agreement_for(curve: &[u8]) -> Option<&'static agreement::Algorithm> {
    match curve {
        P256 => Some(&agreement::ECDH_P256),
        P384 => Some(&agreement::ECDH_P384),
        P521 => Some(&agreement::ECDH_P521),
        _ => None,
    }
}

/// The public point of a private number.
fn point(algorithm: &'static agreement::Algorithm, curve: &[u8], scalar: &[u8]) -> Option<Vec<u8>> {
    let length = Curve::from_oid(curve).bits()?.div_ceil(8) as usize;
    let scalar = der::trimmed(scalar);
    // Some encoders drop leading zeros; the library wants the full length.
    let mut full = vec![0; length.checked_sub(scalar.len())?];
    full.extend_from_slice(scalar);
    let key = agreement::PrivateKey::from_private_key(algorithm, &full);
    full.fill(0);
    let public = key.ok()?.compute_public_key().ok()?;
    Some(public.as_ref().to_vec())
}
