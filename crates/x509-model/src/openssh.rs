//! OpenSSH's private key format: the public half stands in clear, even in encrypted keys.

use crate::private_key::{Encryption, PrivateKey, PrivateKeyFormat};
use crate::public_key::{KeyFacts, KeyKind};

const MAGIC: &[u8] = b"openssh-key-v1\0";
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
const P521: &[u8] = &[0x2b, 0x81, 4, 0, 0x23];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// The next string: four bytes of length, then as many bytes (RFC 4251 §5).
fn string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let value = after.get(..length)?;
    *rest = after.get(length..)?;
    Some(value)
}

/// Reads a key; none where the bytes are not in this format.
pub(crate) fn read(bytes: &[u8]) -> Option<PrivateKey> {
    let mut rest = bytes.strip_prefix(MAGIC)?;
    let cipher = string(&mut rest);
    let encrypted = cipher.is_some_and(|cipher| cipher != b"none");
    let mut key = PrivateKey::opaque(PrivateKeyFormat::OpenSsh, encrypted);
    key.encryption = encrypted.then_some(Encryption::OpenSsh);
    let public = (|| {
        let _kdf = string(&mut rest)?;
        let _options = string(&mut rest)?;
        let (_count, after) = rest.split_first_chunk::<4>()?;
        rest = after;
        string(&mut rest)
    })();
    match public {
        Some(public) => key.key = public_half(public),
        None => key.problem = Some("the private key is cut off".to_owned()),
    }
    Some(key)
}

/// A public key blob (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4).
fn public_half(mut blob: &[u8]) -> Option<KeyFacts> {
    let kind = string(&mut blob)?;
    match kind {
        b"ssh-rsa" => {
            let exponent = string(&mut blob)?;
            let modulus = string(&mut blob)?;
            Some(KeyFacts::rsa(modulus, exponent, false))
        }
        b"ssh-ed25519" => {
            let public = string(&mut blob)?;
            Some(KeyFacts::edwards(KeyKind::Ed25519, ED25519, public))
        }
        b"ssh-dss" => {
            let prime = string(&mut blob)?;
            let (_order, _generator) = (string(&mut blob)?, string(&mut blob)?);
            Some(KeyFacts::dsa(prime, string(&mut blob)?))
        }
        _ => {
            let curve = match string(&mut blob)? {
                b"nistp256" => P256,
                b"nistp384" => P384,
                b"nistp521" => P521,
                _ => return None,
            };
            Some(KeyFacts::ec(curve, string(&mut blob)?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAGIC, read};
    use crate::public_key::KeyKind;

    fn string(bytes: &[u8]) -> Vec<u8> {
        let length = u32::try_from(bytes.len()).unwrap();
        [&length.to_be_bytes()[..], bytes].concat()
    }

    fn key(cipher: &[u8]) -> Vec<u8> {
        let public = [string(b"ssh-ed25519"), string(&[7; 32])].concat();
        [MAGIC, &string(cipher), &string(b"bcrypt"), &string(b""), &[0, 0, 0, 1], &string(&public)]
            .concat()
    }

    #[test]
    fn the_public_half_is_read_even_of_encrypted_keys() {
        for (cipher, encrypted) in [(&b"none"[..], false), (b"aes256-ctr", true)] {
            let key = read(&key(cipher)).unwrap();
            assert_eq!(key.encrypted, encrypted);
            assert_eq!(key.key.unwrap().kind, KeyKind::Ed25519);
        }
    }

    #[test]
    fn a_cut_key_is_still_a_key() {
        let whole = key(b"none");
        for length in MAGIC.len()..whole.len() {
            let key = read(&whole[..length]).unwrap();
            assert!(key.problem.is_some() && key.key.is_none());
        }
    }
}
