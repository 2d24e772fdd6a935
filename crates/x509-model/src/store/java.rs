//! Java's JKS and JCEKS, as `sun.security.provider.JavaKeyStore` writes them. Certificates and
//! aliases stand in clear; one SHA-1 tells whether a password is the store's. Bouncy Castle's BKS
//! is recognised only.

use crate::der::{OCTET_STRING, OID, Reader, SEQUENCE};
use crate::material::Content;
use crate::private_key::{PrivateKey, PrivateKeyFormat};

use super::kdf::sha1;
use super::{EntryKind, MAX_ENTRIES, PASSWORDS, StoreKind, StoreRead};

/// What Java hashes between the password and the store.
const WHITENER: &[u8] = b"Mighty Aphrodite";
/// Bytes of SHA-1.
const DIGEST: usize = 20;
/// Most certificates of one chain.
const MAX_CHAIN: u32 = 100;

/// The kind of store that bytes begin as.
pub(crate) fn is_java(bytes: &[u8]) -> Option<StoreKind> {
    match bytes {
        [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 1 | 2, ..] => Some(StoreKind::Jks),
        [0xce, 0xce, 0xce, 0xce, 0, 0, 0, 1 | 2, ..] => Some(StoreKind::Jceks),
        // Version, then the length of the salt.
        [0, 0, 0, 1 | 2, 0, 0, 0, 20, ..] => Some(StoreKind::Bks),
        _ => None,
    }
}

/// Reads a store that [`is_java`].
pub(super) fn read(kind: StoreKind, bytes: &[u8]) -> StoreRead {
    let mut read = StoreRead::new(kind);
    if kind == StoreKind::Bks {
        read.store.sealed = true;
        return read;
    }
    let mut body =
        bytes.len().checked_sub(DIGEST).and_then(|length| bytes.split_at_checked(length));
    if body.is_none() {
        read.store.problem = Some("it is cut off".to_owned());
    }
    let Some((signed, digest)) = body.take() else { return read };
    read.store.opens_with = PASSWORDS
        .into_iter()
        .find(|password| sha1(&[&utf16(password), WHITENER, signed]).as_slice() == digest);
    let mut input = Input { rest: signed };
    match input.entries(kind, &mut read) {
        Some(true) => {}
        // What follows a secret key cannot be found without reading Java's serialisation.
        Some(false) => read.store.sealed = true,
        None => read.store.problem = Some("it is cut off".to_owned()),
    }
    read
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// What is left of a store. Every length is held against it.
struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        let (digits, rest) = self.rest.split_first_chunk::<4>()?;
        self.rest = rest;
        Some(u32::from_be_bytes(*digits))
    }

    /// Bytes with their length before them in four bytes.
    fn long(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        self.take(length)
    }

    /// Text with its length before it in two bytes.
    fn text(&mut self) -> Option<String> {
        let (digits, rest) = self.rest.split_first_chunk::<2>()?;
        self.rest = rest;
        let bytes = self.take(usize::from(u16::from_be_bytes(*digits)))?;
        Some(super::alias(&String::from_utf8_lossy(bytes)))
    }

    /// Reads all entries; false where what follows one of them cannot be read, none where the
    /// input ends too early.
    fn entries(&mut self, kind: StoreKind, read: &mut StoreRead) -> Option<bool> {
        let _magic = self.number()?;
        let version = self.number()?;
        let count = self.number()?;
        for _ in 0..count {
            if read.store.entries.len() == MAX_ENTRIES {
                return Some(false);
            }
            let tag = self.number()?;
            let alias = self.text()?;
            let _date = self.take(8)?;
            match tag {
                1 => self.private_key(version, alias, read)?,
                2 => {
                    let der = self.certificate(version)?;
                    if let Some(entry) = read.entry(alias, EntryKind::Trusted) {
                        read.certificate(entry, der);
                    }
                }
                3 if kind == StoreKind::Jceks => {
                    read.entry(alias, EntryKind::Secret);
                    return Some(false);
                }
                _ => return None,
            }
        }
        Some(true)
    }

    fn private_key(&mut self, version: u32, alias: String, read: &mut StoreRead) -> Option<()> {
        let protected = self.long()?;
        let entry = read.entry(alias, EntryKind::PrivateKey)?;
        let key = read.store.opens_with.and_then(|password| unprotect(protected, password));
        let sealed = PrivateKey::opaque(PrivateKeyFormat::EncryptedPkcs8, true);
        read.store.sealed |= key.is_none();
        read.contents.push((Content::PrivateKey(key.unwrap_or(sealed)), entry));
        let count = self.number()?;
        for at in 0..count {
            let der = self.certificate(version)?;
            if at < MAX_CHAIN {
                read.certificate(entry, der);
            }
        }
        Some(())
    }

    fn certificate(&mut self, version: u32) -> Option<&'a [u8]> {
        if version >= 2 {
            self.text()?;
        }
        self.long()
    }
}

/// Opens a key under Java's own protection: SHA-1 over the password and what came before, as a
/// stream. The password of a key is mostly the store's.
fn unprotect(protected: &[u8], password: &str) -> Option<PrivateKey> {
    /// 1.3.6.1.4.1.42.2.17.1.1, Sun's `KeyProtector`.
    const PROTECTOR: &[u8] = &[0x2b, 6, 1, 4, 1, 0x2a, 2, 0x11, 1, 1];
    /// Longest key, in bytes.
    const LONGEST: usize = crate::limits::MAX_KEY;
    let mut fields = Reader::within(protected, SEQUENCE)?;
    Reader::new(fields.take(SEQUENCE)?).take(OID).filter(|oid| *oid == PROTECTOR)?;
    let data = fields.take(OCTET_STRING).filter(|data| data.len() <= LONGEST)?;
    let (salt, rest) = data.split_at_checked(DIGEST)?;
    let (hidden, check) = rest.split_at_checked(rest.len().checked_sub(DIGEST)?)?;
    let password = utf16(password);
    let mut plain = Vec::with_capacity(hidden.len());
    let mut before: [u8; DIGEST] = salt.try_into().ok()?;
    for chunk in hidden.chunks(DIGEST) {
        before = sha1(&[&password, &before]);
        plain.extend(chunk.iter().zip(before).map(|(byte, over)| byte ^ over));
    }
    let sound = sha1(&[&password, &plain]).as_slice() == check;
    let key = sound.then(|| PrivateKey::from_der(&plain)).flatten();
    plain.fill(0);
    key
}
