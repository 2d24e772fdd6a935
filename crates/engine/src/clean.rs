//! What was found clean before and need not be looked at again: texts that are no artifact and in
//! which nothing was found, known by a hash of path and content.
//!
//! Most files of most repositories are such texts. Artifacts are looked at each time, since rules
//! relate them to each other, and so are files with findings: what is remembered can hide nothing
//! that has a place in a report. Entries hold for one set of rules, one configuration and one
//! build: whatever the caller puts into the digest. A text that is clean stays clean as time goes
//! on, since what becomes bad with time is in artifacts, but not the other way round: entries do
//! not hold for a moment before the one they were made at.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The first bytes of a stored memory.
const MAGIC: &[u8; 16] = b"careen-clean/1\n\n";
/// Bytes of a key. An accident between two of a million texts is as likely as one in 10^26.
const KEY: usize = 16;
/// Texts that are remembered. 16 MiB are read in milliseconds.
const MOST: usize = 1 << 20;
/// Bytes before the keys: magic, digest, moment.
const HEAD: usize = MAGIC.len() + 32 + 8;
/// Bytes of the checksum after the keys.
const TAIL: usize = 32;
/// Bytes of the largest memory that is read.
pub const MOST_CLEAN_BYTES: u64 = (HEAD + MOST * KEY + TAIL) as u64;

/// Texts that were found clean, for one digest.
#[derive(Debug)]
pub struct Clean {
    digest: [u8; 32],
    /// The moment the newest entries were made at, in Unix seconds.
    at: i64,
    known: HashSet<u128>,
    /// The keys met in this run.
    seen: Mutex<Vec<u128>>,
    hits: AtomicUsize,
}

impl Clean {
    /// Nothing is known yet. `digest` stands for everything besides path and content that decides
    /// what is found; `at` is the moment of judgement.
    #[must_use]
    pub fn new(digest: [u8; 32], at: i64) -> Self {
        Self {
            digest,
            at,
            known: HashSet::new(),
            seen: Mutex::default(),
            hits: AtomicUsize::new(0),
        }
    }

    /// Takes in what was written before, if it is whole, of this digest and not from the future.
    /// Whether it was taken.
    pub fn restore(&mut self, bytes: &[u8]) -> bool {
        self.read(bytes).is_some()
    }

    fn read(&mut self, bytes: &[u8]) -> Option<()> {
        let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(TAIL)?)?;
        let (head, keys) = body.split_at_checked(HEAD)?;
        let (magic, rest) = head.split_at_checked(MAGIC.len())?;
        let (digest, at) = rest.split_at_checked(32)?;
        let at = i64::from_le_bytes(at.try_into().ok()?);
        let holds = magic == MAGIC && digest == self.digest && at <= self.at;
        if !holds || keys.len() % KEY != 0 || keys.len() / KEY > MOST {
            return None;
        }
        if blake3::hash(body).as_bytes() != sum {
            return None;
        }
        let keys = keys.chunks_exact(KEY).filter_map(|key| key.try_into().ok());
        self.known.extend(keys.map(u128::from_le_bytes));
        Some(())
    }

    /// The bytes to keep: what was met in this run, and with `kept` what was known before besides.
    #[must_use]
    pub fn write(&self, kept: bool) -> Vec<u8> {
        let mut keys = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if kept {
            keys.extend(&self.known);
        }
        keys.sort_unstable();
        keys.dedup();
        keys.truncate(MOST);
        let mut bytes = Vec::with_capacity(HEAD + keys.len() * KEY + TAIL);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&self.digest);
        bytes.extend_from_slice(&self.at.to_le_bytes());
        for key in keys {
            bytes.extend_from_slice(&key.to_le_bytes());
        }
        let sum = blake3::hash(&bytes);
        bytes.extend_from_slice(sum.as_bytes());
        bytes
    }

    /// How many texts were not looked at because they are known.
    #[must_use]
    pub fn hits(&self) -> usize {
        self.hits.load(Ordering::Relaxed)
    }

    /// The key of a text. `path` is what reports call it, `within` what decides its role.
    pub(crate) fn key(&self, path: &str, within: &str, bytes: &[u8]) -> u128 {
        let mut hasher = blake3::Hasher::new_keyed(&self.digest);
        for part in [path, within] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.update(bytes);
        let mut key = [0; KEY];
        hasher.finalize_xof().fill(&mut key);
        u128::from_le_bytes(key)
    }

    /// Takes note of texts that were found clean or are known to be.
    pub(crate) fn see(&self, keys: &[u128]) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).extend(keys);
    }

    /// Whether the text of this key is known to be clean.
    pub(crate) fn knows(&self, key: u128) -> bool {
        let known = self.known.contains(&key);
        if known {
            self.hits.fetch_add(1, Ordering::Relaxed);
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use super::{Clean, HEAD};

    const DAY: i64 = 86_400;

    #[test]
    fn what_is_written_is_read() {
        let first = Clean::new([7; 32], DAY);
        let (a, b) = (first.key("a", "a", b"one"), first.key("b", "b", b"two"));
        first.see(&[b, a, b]);
        let bytes = first.write(false);
        let mut again = Clean::new([7; 32], 2 * DAY);
        assert!(again.restore(&bytes));
        assert!(again.knows(a) && again.knows(b) && again.hits() == 2);
        assert!(!again.knows(again.key("a", "a", b"two")));
        assert!(!again.knows(again.key("b", "b", b"one")), "the path counts");
        again.see(&[a]);
        assert!(again.write(false).len() < bytes.len(), "what is gone is forgotten");
        assert_eq!(again.write(true).len(), bytes.len());
    }

    #[test]
    fn what_does_not_hold_is_not_taken() {
        let first = Clean::new([7; 32], DAY);
        let key = first.key("a", "a", b"one");
        first.see(&[key]);
        let bytes = first.write(false);
        assert!(!Clean::new([8; 32], DAY).restore(&bytes), "another digest");
        assert!(!Clean::new([7; 32], DAY - 1).restore(&bytes), "from the future");
        for at in [0, 20, HEAD, bytes.len() - 1] {
            let mut torn = bytes.clone();
            torn[at] ^= 1;
            assert!(!Clean::new([7; 32], DAY).restore(&torn), "byte {at}");
            assert!(!Clean::new([7; 32], DAY).restore(&bytes[..at]), "cut at {at}");
        }
    }
}
