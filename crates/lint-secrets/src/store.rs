//! Stores of keys that are no text: PKCS#12, Java keystores, KeePass databases, private keys in
//! DER. Known by how they start, in files and behind base64.

use crate::charset::BASE64_BODY;
use crate::filler;
use crate::shape::{Match, starts_fresh};

/// Bytes of base64 that are decoded; stores are known by how they start.
const LOOK: usize = 8_192;
/// Fewer bytes are no store.
const LEAST: usize = 64;
/// Entries of a Java keystore that are looked at.
const MOST_ENTRIES: usize = 256;

/// A store of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Store {
    /// `PKCS#12 keystore`.
    pub(crate) noun: &'static str,
    /// Whether a passphrase protects what is in it.
    pub(crate) protected: bool,
}

/// Object identifiers in DER: data of PKCS#7, and schemes of encryption of PKCS#5 and PKCS#12.
const DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const PKCS5: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05];
const PKCS12: &[u8] = &[0x06, 0x0a, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];

/// The store that `bytes` start, of which `whole` says whether they are all of it.
pub(crate) fn read(bytes: &[u8], whole: bool) -> Option<Store> {
    if bytes.len() < LEAST {
        return None;
    }
    let store = |noun| Some(Store { noun, protected: true });
    match bytes {
        [0xfe, 0xed, 0xfe, 0xed, ..] => java(bytes).then(|| store("Java keystore (JKS)"))?,
        [0xce, 0xce, 0xce, 0xce, ..] => java(bytes).then(|| store("Java keystore (JCEKS)"))?,
        [0x03, 0xd9, 0xa2, 0x9a, 0x65..=0x67, 0xfb, 0x4b, 0xb5, ..] => store("KeePass database"),
        [0x30, ..] => der(bytes, whole),
        _ if bytes.starts_with(b"== ed25519v1-secret: type0 ==\0\0\0") => {
            Some(Store { noun: "key of a Tor hidden service", protected: false })
        }
        _ if bytes.starts_with(b"kych\0\x01\0\0") => store("macOS keychain"),
        _ => None,
    }
}

/// Whether a Java keystore holds a key besides certificates: walks its entries as far as they are
/// there.
fn java(bytes: &[u8]) -> bool {
    let number = |at: usize, length: usize| -> Option<usize> {
        let digits = bytes.get(at..at.checked_add(length)?)?;
        Some(digits.iter().fold(0, |number, &byte| (number << 8) | usize::from(byte)))
    };
    let walk = || -> Option<bool> {
        let version = number(4, 4)?;
        let count = number(8, 4)?;
        let mut at = 12usize;
        if !matches!(version, 1 | 2) {
            return None;
        }
        for _ in 0..count.min(MOST_ENTRIES) {
            let tag = number(at, 4)?;
            if tag != 2 {
                return Some(matches!(tag, 1 | 3));
            }
            // The alias and the date.
            at = at.checked_add(4 + 2 + number(at + 4, 2)? + 8)?;
            if version == 2 {
                at = at.checked_add(2 + number(at, 2)?)?;
            }
            at = at.checked_add(4 + number(at, 4)?)?;
        }
        Some(false)
    };
    walk().unwrap_or(false)
}

/// A tag of DER with its content's place; nothing for lengths that no key has.
fn element(bytes: &[u8], at: usize) -> Option<(u8, usize, usize)> {
    let tag = *bytes.get(at)?;
    let first = usize::from(*bytes.get(at + 1)?);
    let (start, length) = match first {
        0..=0x7f => (at + 2, first),
        0x81 => (at + 3, usize::from(*bytes.get(at + 2)?)),
        0x82 => {
            let high = usize::from(*bytes.get(at + 2)?);
            (at + 4, (high << 8) | usize::from(*bytes.get(at + 3)?))
        }
        0x83 => {
            let digits = bytes.get(at + 2..at + 5)?;
            (at + 5, digits.iter().fold(0, |n, &byte| (n << 8) | usize::from(byte)))
        }
        _ => return None,
    };
    Some((tag, start, start.checked_add(length)?))
}

fn der(bytes: &[u8], whole: bool) -> Option<Store> {
    let (_, start, end) = element(bytes, 0)?;
    // What follows a key in a file is no key; a store may be longer than what was read.
    if (whole && end != bytes.len()) || (!whole && end < bytes.len()) {
        return None;
    }
    let (tag, inner, inner_end) = element(bytes, start)?;
    let content = bytes.get(inner..inner_end).unwrap_or_default();
    let (next_tag, next, next_end) = element(bytes, inner_end)?;
    let next_content = bytes.get(next..next_end.min(bytes.len())).unwrap_or_default();
    let plain = |noun| Some(Store { noun, protected: false });
    match (tag, content) {
        (0x02, [3]) if next_tag == 0x30 && next_content.starts_with(DATA) => {
            Some(Store { noun: "PKCS#12 keystore", protected: true })
        }
        // The algorithm, and the key in an octet string.
        (0x02, [0 | 1]) if next_tag == 0x30 && next_content.first() == Some(&0x06) => {
            (element(bytes, next_end)?.0 == 0x04).then_some(())?;
            plain("private key in DER (PKCS#8)")
        }
        // The modulus of at least 512 bits, then the exponent.
        (0x02, [0]) if next_tag == 0x02 && next_end - next >= 64 => {
            let (tag, _, _) = element(bytes, next_end)?;
            (tag == 0x02).then_some(())?;
            plain("RSA private key in DER")
        }
        (0x02, [1]) if next_tag == 0x04 && (16..=66).contains(&next_content.len()) => {
            plain("EC private key in DER")
        }
        (0x30, _)
            if next_tag == 0x04 && (content.starts_with(PKCS5) || content.starts_with(PKCS12)) =>
        {
            Some(Store { noun: "encrypted private key in DER", protected: true })
        }
        _ => None,
    }
}

/// A store behind base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PackedStore {
    /// What it is.
    pub(crate) store: Store,
    /// Where its base64 stands.
    pub(crate) all: Match,
}

/// Parts of base64 that lead here: how Java keystores and KeePass databases start, and what stands
/// ten characters behind the start of PKCS#12.
pub(crate) const ANCHORS: &[&str] = &["/u3+7QAAAA", "zs7OzgAAAA", "A9mimmf7S7", "IBAzCC"];

/// Reads the base64 whose literal stands at `at`.
pub(crate) fn read_packed(text: &str, at: usize, length: usize) -> Option<PackedStore> {
    let bytes = text.as_bytes();
    let pkcs12 = text.get(at..at + length)? == "IBAzCC";
    let start = if pkcs12 { at.checked_sub(6)? } else { at };
    if !starts_fresh(bytes, start) || (pkcs12 && !text.get(start..)?.starts_with("MII")) {
        return None;
    }
    // A literal may be folded: the rest of it is masked as far as it stands on one line.
    let run = BASE64_BODY.run(bytes.get(start..)?, 4_000_000);
    let padding = bytes.get(start + run..)?.iter().take(2).take_while(|&&b| b == b'=').count();
    let look = run.min(LOOK) / 4 * 4;
    let head = text.get(start..start + look)?;
    let decoded = data_encoding::BASE64.decode(head.as_bytes()).ok()?;
    if filler::is_filler(head.get(24..).unwrap_or_default()) {
        return None;
    }
    let store = read(&decoded, false)?;
    Some(PackedStore { store, all: Match { start, end: start + run + padding } })
}

#[cfg(test)]
mod tests {
    use super::{ANCHORS, DATA, PKCS5, Store, read, read_packed};

    fn noise(length: usize) -> Vec<u8> {
        (0..length).map(|at| (at * 73 + at / 7 * 31 + 5) as u8).collect()
    }

    fn sequence(content: &[u8]) -> Vec<u8> {
        let length = content.len();
        [&[0x30, 0x82, (length >> 8) as u8, length as u8][..], content].concat()
    }

    /// A PKCS#12 store as far as it is known by.
    fn pkcs12() -> Vec<u8> {
        let inner = sequence(&[DATA, &noise(900)].concat());
        sequence(&[&[0x02, 0x01, 0x03][..], &inner].concat())
    }

    /// A Java keystore with entries of these tags.
    fn java(tags: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, tags.len() as u8];
        for tag in tags {
            bytes.extend([0, 0, 0, *tag, 0, 2, b'a', b'b', 0, 0, 1, 2, 3, 4, 5, 6]);
            if *tag == 2 {
                bytes.extend([0, 5, b'X', b'.', b'5', b'0', b'9', 0, 0, 0, 100]);
            }
            bytes.extend(noise(100));
        }
        bytes
    }

    #[test]
    fn stores_are_known_by_how_they_start() {
        let protected = |noun| Some(Store { noun, protected: true });
        let plain = |noun| Some(Store { noun, protected: false });
        assert_eq!(read(&pkcs12(), true), protected("PKCS#12 keystore"));
        assert_eq!(read(&java(&[1]), true), protected("Java keystore (JKS)"));
        assert_eq!(read(&java(&[2, 2, 1]), true), protected("Java keystore (JKS)"));
        assert_eq!(read(&java(&[2, 2]), true), None, "certificates only");
        let keepass = [&[0x03, 0xd9, 0xa2, 0x9a, 0x67, 0xfb, 0x4b, 0xb5][..], &noise(90)].concat();
        assert_eq!(read(&keepass, true), protected("KeePass database"));
        let algorithm = [&[0x30, 0x0b][..], PKCS5, &[0x0d]].concat();
        let pkcs8 =
            sequence(&[&[0x02, 0x01, 0x00][..], &algorithm, &[0x04, 0x60], &noise(96)].concat());
        assert_eq!(read(&pkcs8, true), plain("private key in DER (PKCS#8)"));
        let encrypted = sequence(&[&algorithm[..], &[0x04, 0x60], &noise(96)].concat());
        assert_eq!(read(&encrypted, true), protected("encrypted private key in DER"));
        let ec = sequence(&[&[0x02, 0x01, 0x01, 0x04, 0x20][..], &noise(80)].concat());
        assert_eq!(read(&ec, true), plain("EC private key in DER"));
        let rsa = sequence(
            &[&[0x02, 0x01, 0x00, 0x02, 0x40][..], &noise(64), &[0x02, 0x01, 0x03], &noise(9)]
                .concat(),
        );
        assert_eq!(read(&rsa, true), plain("RSA private key in DER"));
    }

    #[test]
    fn other_bytes_and_pieces_are_no_stores() {
        let certificate = sequence(&[&[0x30, 0x40][..], &noise(64), &[0x30, 0x02, 0, 0]].concat());
        assert_eq!(read(&certificate, true), None);
        for whole in [pkcs12(), java(&[2, 1])] {
            for length in 0..whole.len() {
                let _ = read(&whole[..length], true);
                let _ = read(&whole[..length], false);
            }
        }
        for first in 0..=255u8 {
            let _ = read(&[&[first][..], &[0xff; 100]].concat(), false);
            let _ = read(&[&[0x30, first][..], &[0x82; 100]].concat(), true);
        }
    }

    #[test]
    fn stores_behind_base64() {
        for (bytes, noun) in [(pkcs12(), "PKCS#12 keystore"), (java(&[1]), "Java keystore (JKS)")] {
            let text = format!("keystore: \"{}\"\n", data_encoding::BASE64.encode(&bytes));
            let found = ANCHORS
                .iter()
                .find_map(|anchor| read_packed(&text, text.find(anchor)?, anchor.len()));
            let found = found.unwrap();
            assert_eq!((found.store.noun, &text[found.all.end..]), (noun, "\"\n"));
            assert_eq!(found.all.start, "keystore: \"".len());
        }
        for text in ["IBAzCC", "MIIAAAIBAzCC", "/u3+7QAAAA", "éééIBAzCC"] {
            let found = ANCHORS
                .iter()
                .find_map(|anchor| read_packed(text, text.find(anchor)?, anchor.len()));
            assert_eq!(found, None, "{text}");
        }
    }
}
