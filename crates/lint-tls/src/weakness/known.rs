//! Keys whose private half everybody has: those that programs bring along for their tests, and
//! those that standards print.
//!
//! `policies/tls/known-keys.txt` lists them by the start of the SHA-256 of their
//! SubjectPublicKeyInfo; its comments say how a line is made.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use careen_x509_model::KeyFacts;

const LIST: &str = include_str!("../../../../policies/tls/known-keys.txt");
/// Bytes of the hash that are listed.
const LENGTH: usize = 15;

type Known = BTreeMap<[u8; LENGTH], &'static str>;

static KNOWN: LazyLock<Known> = LazyLock::new(|| LIST.lines().filter_map(line).collect());

/// Where a key is published, if it is on the list: "the tests of urllib3".
pub(crate) fn known(key: &KeyFacts) -> Option<&'static str> {
    KNOWN.get(key.spki_sha256.first_chunk::<LENGTH>()?).copied()
}

fn line(line: &'static str) -> Option<([u8; LENGTH], &'static str)> {
    let (hex, place) = line.split_once(' ').filter(|_| !line.starts_with('#'))?;
    let mut hash = [0; LENGTH];
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    (hex.len() == 2 * LENGTH).then_some((hash, place))
}

#[cfg(test)]
mod tests {
    use super::{LIST, line};

    #[test]
    fn every_line_can_be_read_and_stands_once() {
        let mut seen = std::collections::BTreeSet::new();
        for text in LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (hash, place) = line(text).unwrap_or_else(|| panic!("`{text}` cannot be read"));
            assert!(seen.insert(hash), "`{text}` stands twice");
            assert!(place.len() < 80 && place == place.trim(), "`{text}`");
        }
        assert!(seen.len() > 20);
    }
}
