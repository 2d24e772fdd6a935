//! `SafeContents` (RFC 7292 §4.2): bags of keys and certificates, and how they become entries.

use crate::der::{OCTET_STRING, OID, Reader, SEQUENCE, hex, oid_text};
use crate::material::Content;
use crate::private_key::{PrivateKey, PrivateKeyFormat};

use super::algorithm::{Password, Scheme};
use super::budget::Budget;
use super::{EntryKind, MAX_ENTRIES, Protection, StoreRead};

/// Bags within bags that are read.
const DEPTH: u8 = 4;
/// Ways of encrypting that are told apart.
const MOST_ENCRYPTIONS: usize = 16;

/// What a bag holds.
enum Held {
    Key(Option<PrivateKey>),
    /// DER.
    Certificate(Vec<u8>),
    Secret,
}

struct Bag {
    alias: Option<String>,
    id: Option<Vec<u8>>,
    /// Whether Java trusts the certificate.
    trusted: bool,
    held: Held,
}

/// The bags of a store, in their order.
#[derive(Default)]
pub(super) struct Bags {
    bags: Vec<Bag>,
    encryptions: Vec<Protection>,
    /// Why a bag must not be decrypted.
    pub(super) excess: Option<String>,
    /// Whether something was not read.
    pub(super) sealed: bool,
    /// Keys that stayed encrypted.
    pub(super) sealed_keys: usize,
}

impl Bags {
    /// Reads what is open to everybody.
    pub(super) fn read(&mut self, contents: &[u8], depth: u8) {
        self.walk(contents, None, depth);
    }

    /// Reads everything, with the password.
    pub(super) fn unlock(
        &mut self,
        contents: &[u8],
        password: &Password<'_>,
        budget: &mut Budget,
        depth: u8,
    ) {
        self.walk(contents, Some((password, budget)), depth);
    }

    /// Keeps how something is encrypted.
    pub(super) fn note(&mut self, scheme: &Scheme<'_>) {
        let facts = scheme.facts();
        if self.encryptions.len() < MOST_ENCRYPTIONS && !self.encryptions.contains(&facts) {
            self.encryptions.push(facts);
        }
        if self.excess.is_none() {
            self.excess = scheme.excess();
        }
    }

    fn walk(&mut self, contents: &[u8], mut open: Option<(&Password<'_>, &mut Budget)>, depth: u8) {
        let Some(mut bags) = Reader::within(contents, SEQUENCE) else { return };
        while let Some(bag) = bags.take(SEQUENCE) {
            if self.bags.len() == MAX_ENTRIES {
                return;
            }
            let mut fields = Reader::new(bag);
            let (Some(kind), Some(value)) = (fields.take(OID), fields.take(0xa0)) else { continue };
            // id-bagtypes is 1.2.840.113549.1.12.10.1; the last arc tells the kind.
            let [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 10, 1, kind] = kind else { continue };
            let held = match kind {
                1 => Held::Key(PrivateKey::from_der(value)),
                2 => Held::Key(self.shrouded(value, &mut open)),
                3 => match certificate(value) {
                    Some(der) => Held::Certificate(der.to_vec()),
                    None => continue,
                },
                5 => Held::Secret,
                6 if depth < DEPTH => {
                    match &mut open {
                        Some((password, budget)) => {
                            self.unlock(value, password, budget, depth + 1);
                        }
                        None => self.read(value, depth + 1),
                    }
                    continue;
                }
                _ => continue,
            };
            let attributes = Attributes::read(fields.take(0x31).unwrap_or_default());
            let Attributes { alias, id, trusted } = attributes;
            self.bags.push(Bag { alias, id, trusted, held });
        }
    }

    /// A key with a password of its own around it.
    fn shrouded(
        &mut self,
        value: &[u8],
        open: &mut Option<(&Password<'_>, &mut Budget)>,
    ) -> Option<PrivateKey> {
        let mut fields = Reader::within(value, SEQUENCE)?;
        let scheme = Scheme::read(fields.take(SEQUENCE)?)?;
        self.note(&scheme);
        let data = fields.take(OCTET_STRING)?;
        let plain = match open {
            Some((password, budget)) => scheme.decrypt(password, data, budget),
            None => None,
        };
        let Some(mut plain) = plain else {
            self.sealed = true;
            self.sealed_keys += 1;
            return None;
        };
        let key = PrivateKey::from_der(&plain);
        plain.fill(0);
        key
    }

    /// Puts together what belongs together: a key, the certificate with its local identifier, and
    /// the chain behind it where there is only one key that it can belong to.
    pub(super) fn into_entries(self, read: &mut StoreRead) {
        read.store.sealed = self.sealed;
        read.store.encryptions = self.encryptions;
        let mut keys: Vec<(Option<Vec<u8>>, usize)> = Vec::new();
        let (certificates, others): (Vec<Bag>, Vec<Bag>) =
            self.bags.into_iter().partition(|bag| matches!(bag.held, Held::Certificate(_)));
        for bag in others {
            let identifier = || bag.id.as_deref().map(hex).unwrap_or_default();
            let alias = super::alias(&bag.alias.clone().unwrap_or_else(identifier));
            let Held::Key(key) = bag.held else {
                read.entry(alias, EntryKind::Secret);
                continue;
            };
            if let Some(entry) = read.entry(alias, EntryKind::PrivateKey) {
                let sealed = PrivateKey::opaque(PrivateKeyFormat::EncryptedPkcs8, true);
                read.contents.push((Content::PrivateKey(key.unwrap_or(sealed)), entry));
                keys.push((bag.id, entry));
            }
        }
        let only_key = match keys.as_slice() {
            [(_, entry)] => Some(*entry),
            _ => None,
        };
        keys.sort();
        let key_of = |id: &[u8]| {
            let at = keys.partition_point(|(known, _)| known.as_deref() < Some(id));
            keys.get(at).filter(|(known, _)| known.as_deref() == Some(id)).map(|(_, entry)| *entry)
        };
        let (own, rest): (Vec<Bag>, Vec<Bag>) = certificates
            .into_iter()
            .partition(|bag| bag.id.as_deref().is_some_and(|id| key_of(id).is_some()));
        for bag in own.into_iter().chain(rest) {
            let Held::Certificate(der) = bag.held else { continue };
            let chain = only_key.filter(|_| !bag.trusted);
            let of_key = bag.id.as_deref().and_then(key_of).or(chain);
            let entry = of_key.or_else(|| {
                let kind = if bag.trusted { EntryKind::Trusted } else { EntryKind::Certificate };
                read.entry(super::alias(&bag.alias.unwrap_or_default()), kind)
            });
            if let Some(entry) = entry {
                read.certificate(entry, &der);
            }
        }
    }
}

/// The certificate in a CertBag.
fn certificate(value: &[u8]) -> Option<&[u8]> {
    /// x509Certificate (RFC 7292 §4.2.3).
    const X509: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 22, 1];
    let mut bag = Reader::within(value, SEQUENCE)?;
    bag.take(OID).filter(|kind| *kind == X509)?;
    Reader::new(bag.take(0xa0)?).take(OCTET_STRING)
}

/// What is written on a bag.
#[derive(Default)]
struct Attributes {
    alias: Option<String>,
    id: Option<Vec<u8>>,
    trusted: bool,
}

impl Attributes {
    fn read(set: &[u8]) -> Self {
        const BMP_STRING: u8 = 0x1e;
        const SET: u8 = 0x31;
        const LONGEST_ID: usize = 64;
        let mut attributes = Self::default();
        let mut set = Reader::new(set);
        while let Some(attribute) = set.take(SEQUENCE) {
            let mut fields = Reader::new(attribute);
            let (Some(kind), Some(values)) = (fields.take(OID), fields.take(SET)) else { continue };
            let mut values = Reader::new(values);
            match oid_text(kind).as_str() {
                "1.2.840.113549.1.9.20" => {
                    attributes.alias = values.take(BMP_STRING).map(utf16);
                }
                "1.2.840.113549.1.9.21" => {
                    let id = values.take(OCTET_STRING).filter(|id| id.len() <= LONGEST_ID);
                    attributes.id = id.map(<[u8]>::to_vec);
                }
                // Oracle's trustedKeyUsage, whatever it is trusted for.
                "2.16.840.1.113894.746875.1.1" => attributes.trusted = true,
                _ => {}
            }
        }
        attributes
    }
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_be_bytes(*unit));
    let text: String = char::decode_utf16(units)
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    super::alias(&text)
}
