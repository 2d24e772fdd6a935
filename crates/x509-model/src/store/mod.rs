//! Key stores: PKCS#12 (RFC 7292), Java's JKS and JCEKS, Bouncy Castle's BKS.
//!
//! What is open to everybody is read first: parameters, aliases, certificates in clear. Only then,
//! and within a [`Budget`], a handful of passwords that everybody knows are tried. A key derivation
//! function is never called before its parameters were read and paid for.

mod algorithm;
mod bags;
mod budget;
mod cipher;
mod java;
mod kdf;
mod pfx;

use careen_text::Span;

use self::budget::Budget;
use crate::material::{Content, PemProblemKind};

pub use self::budget::{MAX_ITERATIONS, MAX_MEMORY};
pub(crate) use self::java::is_java;

/// Passwords that are tried, those that most stores have first. Java's own documentation uses
/// `changeit`.
pub const PASSWORDS: [&str; 8] =
    ["changeit", "", "password", "changeme", "secret", "123456", "changeit1", "test"];

/// Most entries read of one store.
pub const MAX_ENTRIES: usize = 10_000;

/// Longest alias that is kept, in characters.
const MAX_ALIAS: usize = 128;

/// A form of key store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoreKind {
    /// PKCS#12 (`.p12`, `.pfx`).
    Pkcs12,
    /// Java's first own format.
    Jks,
    /// Java's format of the Cryptography Extension.
    Jceks,
    /// Bouncy Castle's own format; recognised, not read.
    Bks,
}

impl StoreKind {
    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pkcs12 => "PKCS#12 keystore",
            Self::Jks => "JKS keystore",
            Self::Jceks => "JCEKS keystore",
            Self::Bks => "BKS keystore",
        }
    }
}

/// A key store. Holds no secret, so it may be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// Its form.
    pub kind: StoreKind,
    /// Where it stands in the file.
    pub place: Span,
    /// Its entries, as far as they could be read.
    pub entries: Vec<StoreEntry>,
    /// The password of [`PASSWORDS`] that opens it; none where another one does, where none was
    /// tried, and where nothing asks for one.
    pub opens_with: Option<&'static str>,
    /// What guards the store against changes; PKCS#12 only.
    pub mac: Option<Mac>,
    /// The different ways in which its parts are encrypted; PKCS#12 only.
    pub encryptions: Vec<Protection>,
    /// Whether some of it could not be read without its password.
    pub sealed: bool,
    /// Which parameter asks for more work than a store is worth: "PBKDF2 asks for 5000000
    /// iterations". Then nothing was tried.
    pub over_budget: Option<String>,
    /// Why it could not be read, as the end of a sentence: "the store is cut off".
    pub problem: Option<String>,
}

impl Store {
    const fn new(kind: StoreKind) -> Self {
        Self {
            kind,
            place: Span::new(0, 0),
            entries: Vec::new(),
            opens_with: None,
            mac: None,
            encryptions: Vec::new(),
            sealed: false,
            over_budget: None,
            problem: None,
        }
    }

    /// Whether it holds a private or secret key, or may hold one behind its password.
    #[must_use]
    pub fn may_hold_keys(&self) -> bool {
        self.sealed || self.entries.iter().any(|entry| entry.kind.is_key())
    }
}

/// What an entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A private key with its certificates.
    PrivateKey,
    /// A certificate that is trusted.
    Trusted,
    /// A symmetric key or a password.
    Secret,
    /// A certificate that is neither trusted nor named by a key: mostly a member of a chain.
    Certificate,
}

impl EntryKind {
    /// Whether it holds a key that is secret.
    #[must_use]
    pub const fn is_key(self) -> bool {
        matches!(self, Self::PrivateKey | Self::Secret)
    }
}

/// One entry of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreEntry {
    /// Its name, cut at 128 characters; empty where it has none.
    pub alias: String,
    /// What it is for.
    pub kind: EntryKind,
}

/// Where an [`crate::Item`] stands in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId {
    /// Index in [`crate::Material::stores`].
    pub store: usize,
    /// Index in [`Store::entries`].
    pub entry: usize,
}

/// A message authentication code over a PKCS#12 store (RFC 7292 §4, RFC 9579).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mac {
    /// The hash: "SHA-1", or its dotted identifier.
    pub digest: String,
    /// How often it is applied to derive the key.
    pub iterations: u64,
    /// Whether the hash is MD5 or SHA-1.
    pub weak: bool,
}

/// How a part of a PKCS#12 store is encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protection {
    /// The cipher: "RC2 with 40 bits", "AES-256", or a dotted identifier.
    pub cipher: String,
    /// How often the hash is applied; for scrypt its cost parameter.
    pub iterations: u64,
    /// Bytes that scrypt takes; 0 for all others.
    pub memory: u64,
    /// Whether the cipher is RC2, RC4, DES or 3DES.
    pub weak: bool,
}

/// A store that was read, with what is in it.
pub(crate) struct StoreRead {
    pub(crate) store: Store,
    /// What was found, each with the index of its entry.
    pub(crate) contents: Vec<(Content, usize)>,
    pub(crate) problems: Vec<(PemProblemKind, String)>,
}

impl StoreRead {
    const fn new(kind: StoreKind) -> Self {
        Self { store: Store::new(kind), contents: Vec::new(), problems: Vec::new() }
    }

    /// Adds an entry; none beyond [`MAX_ENTRIES`].
    fn entry(&mut self, alias: String, kind: EntryKind) -> Option<usize> {
        let at = self.store.entries.len();
        if at == MAX_ENTRIES {
            return None;
        }
        self.store.entries.push(StoreEntry { alias, kind });
        Some(at)
    }

    fn certificate(&mut self, entry: usize, der: &[u8]) {
        let mut opened = crate::content::open_certificate(der);
        self.problems.append(&mut opened.problems);
        self.contents.extend(opened.contents.into_iter().map(|content| (content, entry)));
    }
}

/// Reads a store; none where the bytes are no store.
pub(crate) fn read(bytes: &[u8]) -> Option<StoreRead> {
    let mut budget = Budget::default();
    if let Some(kind) = is_java(bytes) {
        return Some(java::read(kind, bytes));
    }
    pfx::read(bytes, &mut budget)
}

/// An alias as it is kept.
fn alias(text: &str) -> String {
    text.chars().take(MAX_ALIAS).collect()
}
