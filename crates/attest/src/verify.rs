//! Whether a signature is one of a key over some bytes. The cryptography is `aws-lc-rs`.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512, UnparsedPublicKey,
    VerificationAlgorithm,
};
use ssh_key::public::{EcdsaPublicKey, KeyData, RsaPublicKey};
use ssh_key::{Algorithm, EcdsaCurve, HashAlg, Mpint, Signature};

/// Bits of a modulus of RSA.
const LEAST_RSA: usize = 2_048;
const MOST_RSA: usize = 8_192;
/// Bytes behind the signature of a security key: flags and a counter.
pub(crate) const TRAILER: usize = 5;
/// The flag of a security key that says that somebody touched it.
const PRESENT: u8 = 1;

/// Whether signatures of such a key are taken at all; else why not.
pub(crate) fn support(key: &KeyData) -> Result<(), String> {
    match key {
        KeyData::Ed25519(_)
        | KeyData::Ecdsa(_)
        | KeyData::SkEd25519(_)
        | KeyData::SkEcdsaSha2NistP256(_) => Ok(()),
        KeyData::Rsa(key) => match bits(key) {
            LEAST_RSA..=MOST_RSA => Ok(()),
            size => Err(format!(
                "an RSA key of {size} bits is not taken: use one of {LEAST_RSA} to {MOST_RSA} bits, or ssh-ed25519"
            )),
        },
        _ => Err(format!(
            "a key of the type {} is not taken: use ssh-ed25519",
            crate::fields::quoted(key.algorithm().as_str())
        )),
    }
}

/// Whether a signature shows that somebody was there: a security key says so, other keys cannot say.
pub(crate) fn is_touched(signature: &Signature) -> bool {
    let flags = || signature.as_bytes().iter().rev().nth(TRAILER - 1).copied();
    match signature.algorithm() {
        Algorithm::SkEd25519 | Algorithm::SkEcdsaSha2NistP256 => {
            flags().is_some_and(|flags| flags & PRESENT != 0)
        }
        _ => true,
    }
}

/// Whether the signature is that of the key over these bytes. [`support`] and [`is_touched`] are asked
/// besides.
pub(crate) fn holds(key: &KeyData, signature: &Signature, message: &[u8]) -> bool {
    try_holds(key, signature, message).is_some()
}

/// `None` for everything that does not hold.
fn try_holds(key: &KeyData, signature: &Signature, message: &[u8]) -> Option<()> {
    let bytes = signature.as_bytes();
    match (key, signature.algorithm()) {
        (KeyData::Ed25519(key), Algorithm::Ed25519) => check(&ED25519, &key.0, message, bytes),
        (KeyData::Ecdsa(key), Algorithm::Ecdsa { curve }) if curve == key.curve() => {
            ecdsa(key, message, bytes)
        }
        (KeyData::Rsa(key), Algorithm::Rsa { hash: Some(hash) }) => rsa(key, hash, message, bytes),
        (KeyData::SkEd25519(key), Algorithm::SkEd25519) => {
            let (bytes, message) = of_device(key.application(), message, bytes)?;
            check(&ED25519, &key.public_key().0, &message, bytes)
        }
        (KeyData::SkEcdsaSha2NistP256(key), Algorithm::SkEcdsaSha2NistP256) => {
            let (bytes, message) = of_device(key.application(), message, bytes)?;
            ecdsa(&EcdsaPublicKey::NistP256(*key.ec_point()), &message, bytes)
        }
        _ => None,
    }
}

fn check(
    algorithm: &'static dyn VerificationAlgorithm,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Option<()> {
    UnparsedPublicKey::new(algorithm, key).verify(message, signature).ok()
}

/// Two numbers of arbitrary precision (RFC 5656, 3.1.2), which become two of fixed length.
fn ecdsa(key: &EcdsaPublicKey, message: &[u8], signature: &[u8]) -> Option<()> {
    let (algorithm, size): (&'static dyn VerificationAlgorithm, _) = match key.curve() {
        EcdsaCurve::NistP256 => (&ECDSA_P256_SHA256_FIXED, 32),
        EcdsaCurve::NistP384 => (&ECDSA_P384_SHA384_FIXED, 48),
        EcdsaCurve::NistP521 => (&ECDSA_P521_SHA512_FIXED, 66),
    };
    let (r, rest) = number(signature)?;
    let (s, rest) = number(rest)?;
    if !rest.is_empty() {
        return None;
    }
    let mut fixed = left_padded(&r, size)?;
    fixed.extend(left_padded(&s, size)?);
    check(algorithm, key.as_sec1_bytes(), message, &fixed)
}

/// PKCS #1 v1.5 with SHA-2 (RFC 8332). SHA-1 has no place here.
fn rsa(key: &RsaPublicKey, hash: HashAlg, message: &[u8], signature: &[u8]) -> Option<()> {
    let algorithm = match hash {
        HashAlg::Sha256 => &RSA_PKCS1_2048_8192_SHA256,
        HashAlg::Sha512 => &RSA_PKCS1_2048_8192_SHA512,
        _ => return None,
    };
    let (n, e) = (key.n.as_positive_bytes()?, key.e.as_positive_bytes()?);
    let signature = left_padded(signature, n.len())?;
    PublicKeyComponents { n, e }.verify(algorithm, message, &signature).ok()
}

/// What a security key signed in place of the message, and the signature without flags and counter
/// (OpenSSH's PROTOCOL.u2f).
fn of_device<'s>(
    application: &str,
    message: &[u8],
    bytes: &'s [u8],
) -> Option<(&'s [u8], Vec<u8>)> {
    let (signature, trailer) = bytes.split_at_checked(bytes.len().checked_sub(TRAILER)?)?;
    let mut signed = digest(&SHA256, application.as_bytes()).as_ref().to_vec();
    signed.extend(trailer);
    signed.extend(digest(&SHA256, message).as_ref());
    Some((signature, signed))
}

/// A number at the start of the bytes, and what follows.
fn number(bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (number, rest) = rest.split_at_checked(length)?;
    let number = Mpint::from_bytes(number).ok()?;
    Some((number.as_positive_bytes()?.to_vec(), rest))
}

/// The number in as many bytes; none where it does not fit.
fn left_padded(number: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut padded = vec![0; size.checked_sub(number.len())?];
    padded.extend(number);
    Some(padded)
}

/// Bits of the modulus.
fn bits(key: &RsaPublicKey) -> usize {
    let modulus = key.n.as_positive_bytes().unwrap_or_default();
    let zeros = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
    modulus.len() * 8 - zeros
}
