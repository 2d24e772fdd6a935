//! OpenSSH's formats: the lines of public keys, and the private keys, whose public half stands in
//! clear even where they are encrypted.

use std::ops::Range;

use memchr::memmem;

use careen_text::{Derived, Origin, Span, decode_base64};

use crate::limits::MAX_KEY;
use crate::private_key::{Encryption, PrivateKey, PrivateKeyFormat};
use crate::public_key::{KeyFacts, KeyKind};

const MAGIC: &[u8] = b"openssh-key-v1\0";
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
const P521: &[u8] = &[0x2b, 0x81, 4, 0, 0x23];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// How the line of an RSA key begins: the name, and the same name and the length of the exponent
/// in base64.
const RSA_LINE: &[u8] = b"ssh-rsa AAAAB3NzaC1yc2EAAAA";
/// The name alone.
const RSA_NAME: usize = 7;

/// Whether a text holds public RSA keys as OpenSSH writes them; cheap, for use before it is read.
#[must_use]
pub fn has_ssh_key(text: &[u8]) -> bool {
    memmem::find(text, RSA_LINE).is_some()
}

/// A public key in a line of text.
pub(crate) struct PublicLine {
    /// The name of the algorithm.
    pub(crate) name: Range<usize>,
    /// From the name to the end of the base64.
    pub(crate) whole: Range<usize>,
    pub(crate) key: KeyFacts,
}

/// The public RSA keys of a text: of `authorized_keys`, `id_rsa.pub`, and of whatever quotes them.
pub(crate) fn public_lines(text: &[u8]) -> impl Iterator<Item = PublicLine> {
    memmem::find_iter(text, RSA_LINE).filter_map(|at| {
        let start = at + RSA_NAME + 1;
        let rest = text.get(start..)?;
        let longest = MAX_KEY / 3 * 4;
        let letter =
            |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        let length = rest.iter().take(longest).take_while(letter).count();
        let bytes = rest.get(..length)?.to_vec();
        let blob = Derived { origin: Origin::verbatim(0, Span::of(0..length).end), bytes };
        let key = public_half(&decode_base64(&blob).ok()?.bytes)?;
        Some(PublicLine { name: at..at + RSA_NAME, whole: at..start + length, key })
    })
}

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
    use super::{MAGIC, has_ssh_key, public_lines, read};
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
    fn public_keys_stand_in_lines() {
        let blob = [string(b"ssh-rsa"), string(&[1, 0, 1]), string(&[0xc5; 64])].concat();
        let text = crate::tests::base64(&blob);
        let line =
            format!("from=\"10.0.0.0/8\" ssh-rsa {text} somebody\nssh-rsa AAAAB3NzaC1yc2EAAAA\n");
        assert!(has_ssh_key(line.as_bytes()) && !has_ssh_key(text.as_bytes()));
        let [found] = public_lines(line.as_bytes()).collect::<Vec<_>>().try_into().ok().unwrap();
        assert_eq!(&line[found.name], "ssh-rsa");
        assert_eq!(&line[found.whole], format!("ssh-rsa {text}"));
        assert_eq!(found.key.kind.to_string(), "RSA 512");
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
