//! `PFX` (RFC 7292 §4): the outline, the parameters, and then the parts.

use crate::der::{INTEGER, OCTET_STRING, OID, Reader, SEQUENCE};

use super::algorithm::{MacData, Password, Scheme};
use super::bags::Bags;
use super::budget::Budget;
use super::{MAX_ENTRIES, PASSWORDS, StoreKind, StoreRead};

/// id-data and id-signedData, id-encryptedData (RFC 5652 §4, §5, §8).
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
const ENCRYPTED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 6];

/// How a PFX with indefinite lengths begins (X.690 §8.1.3.6): version 3, then a SEQUENCE.
const INDEFINITE: &[u8] = &[SEQUENCE, 0x80, INTEGER, 1, 3, SEQUENCE];

/// One part of the authenticated safe.
enum Part<'a> {
    Open(&'a [u8]),
    Encrypted(Scheme<'a>, &'a [u8]),
    /// Encrypted for a public key, or in a way that is not known.
    Closed,
}

struct Outline<'a> {
    content: &'a [u8],
    mac: Option<MacData<'a>>,
    parts: Vec<Part<'a>>,
    problem: Option<&'static str>,
}

/// Reads a PKCS#12 store; none where the bytes are none.
pub(super) fn read(bytes: &[u8], budget: &mut Budget) -> Option<StoreRead> {
    let mut read = StoreRead::new(StoreKind::Pkcs12);
    if bytes.starts_with(INDEFINITE) {
        read.store.sealed = true;
        read.store.problem = Some("it is written in BER with indefinite lengths".to_owned());
        return Some(read);
    }
    let outline = outline(bytes)?;
    read.store.problem = outline.problem.map(str::to_owned);
    let mut bags = Bags::default();
    for part in &outline.parts {
        match part {
            Part::Open(contents) => bags.read(contents, 0),
            Part::Encrypted(scheme, _) => bags.note(scheme),
            Part::Closed => bags.sealed = true,
        }
    }
    let store = &mut read.store;
    store.mac = outline.mac.as_ref().map(MacData::facts);
    let mac_excess = outline.mac.as_ref().and_then(MacData::excess);
    store.over_budget = mac_excess.or_else(|| bags.excess.take());
    let encrypted = || outline.parts.iter().any(|part| matches!(part, Part::Encrypted(..)));
    let asks = outline.mac.is_some() || bags.sealed_keys > 0 || encrypted();
    let mut opened = None;
    if asks && store.over_budget.is_none() {
        opened = outline.open(budget);
    }
    if let Some((name, password)) = &opened {
        store.opens_with = Some(name);
        bags = Bags::default();
        for part in &outline.parts {
            match part {
                Part::Open(contents) => bags.unlock(contents, password, budget, 0),
                Part::Encrypted(scheme, data) => {
                    bags.note(scheme);
                    match scheme.decrypt(password, data, budget) {
                        Some(plain) => bags.unlock(&plain, password, budget, 0),
                        None => bags.sealed = true,
                    }
                }
                Part::Closed => bags.sealed = true,
            }
        }
        // What came to light may ask for more than what was seen from outside.
        store.over_budget = bags.excess.take();
    } else {
        bags.sealed |= encrypted();
    }
    bags.into_entries(&mut read);
    Some(read)
}

fn outline(bytes: &[u8]) -> Option<Outline<'_>> {
    let mut pfx = Reader::within(bytes, SEQUENCE)?;
    pfx.take(INTEGER).filter(|version| *version == [3])?;
    let mut info = Reader::new(pfx.take(SEQUENCE)?);
    let kind = info.take(OID)?;
    if kind == SIGNED_DATA {
        let problem = Some("a signature guards it, and it is not read");
        return Some(Outline { content: &[], mac: None, parts: vec![Part::Closed], problem });
    }
    let mut outline = Outline { content: &[], mac: None, parts: Vec::new(), problem: None };
    if kind != DATA {
        return None;
    }
    let mut content = Reader::new(info.take(0xa0)?);
    let Some(octets) = content.take(OCTET_STRING) else {
        outline.problem = Some("its contents are not DER");
        outline.parts.push(Part::Closed);
        return Some(outline);
    };
    outline.content = octets;
    outline.mac = pfx.take(SEQUENCE).and_then(MacData::read);
    let Some(mut safe) = Reader::within(octets, SEQUENCE) else {
        outline.problem = Some("its contents are no list of parts");
        return Some(outline);
    };
    while let Some(info) = safe.take(SEQUENCE) {
        if outline.parts.len() == MAX_ENTRIES {
            break;
        }
        outline.parts.push(part(info).unwrap_or(Part::Closed));
    }
    if !safe.rest().is_empty() {
        outline.problem = Some("its list of parts breaks off");
    }
    Some(outline)
}

fn part(info: &[u8]) -> Option<Part<'_>> {
    let mut fields = Reader::new(info);
    let kind = fields.take(OID)?;
    let mut content = Reader::new(fields.take(0xa0)?);
    if kind == DATA {
        return Some(Part::Open(content.take(OCTET_STRING)?));
    }
    if kind != ENCRYPTED_DATA {
        return None;
    }
    let mut data = Reader::new(content.take(SEQUENCE)?);
    data.take(INTEGER)?;
    let mut info = Reader::new(data.take(SEQUENCE)?);
    info.take(OID)?;
    let scheme = Scheme::read(info.take(SEQUENCE)?)?;
    Some(Part::Encrypted(scheme, info.take(0x80)?))
}

impl Outline<'_> {
    /// Finds the password that opens the store, among those that everybody knows.
    fn open(&self, budget: &mut Budget) -> Option<(&'static str, Password<'static>)> {
        for text in PASSWORDS {
            let password = Password::new(text);
            if self.opens_with(&password, budget)? {
                return Some((text, password));
            }
            if text.is_empty() && self.opens_with(&Password::none(), budget)? {
                return Some((text, Password::none()));
            }
        }
        None
    }

    /// Whether a password is the one; none where there is no telling.
    fn opens_with(&self, password: &Password<'_>, budget: &mut Budget) -> Option<bool> {
        if let Some(mac) = &self.mac {
            return mac.opens_with(password, self.content, budget);
        }
        // Without a code, a part must decrypt to what it should be.
        let (scheme, data) = self.parts.iter().find_map(|part| match part {
            Part::Encrypted(scheme, data) => Some((scheme, *data)),
            _ => None,
        })?;
        let plain = scheme.decrypt(password, data, budget);
        Some(plain.is_some_and(|plain| {
            let bags = Reader::within(&plain, SEQUENCE);
            bags.and_then(|mut bags| Reader::new(bags.take(SEQUENCE)?).take(OID)).is_some()
        }))
    }
}
