//! What is wrong inside nameConstraints (RFC 5280 §4.2.1.10).

use super::MOST;
use crate::der::{Reader, SEQUENCE, trimmed};

/// A kind of [`ConstraintDefect`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConstraintKind {
    /// Neither permitted nor excluded subtrees.
    Empty,
    /// `minimum` other than zero.
    Minimum,
    /// `maximum` is there.
    Maximum,
    /// An iPAddress that is no address and mask.
    Network,
    /// A dNSName or uniformResourceIdentifier that names no host or domain.
    Name,
    /// A form of name that some or all verifiers do not process.
    Form,
    /// A directoryName, which OpenSSL processes and Go does not.
    Directory,
    /// What is no nameConstraints at all.
    Structure,
}

/// Something that is wrong inside nameConstraints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstraintDefect {
    /// Its kind.
    pub kind: ConstraintKind,
    /// In words that go on from "the nameConstraints have"; text of the certificate stands in it
    /// as it is.
    pub words: String,
}

pub(super) fn examine(value: &[u8], defects: &mut Vec<ConstraintDefect>) {
    let mut tell = |kind, words: String| {
        if defects.len() < MOST && defects.iter().all(|known| known.words != words) {
            defects.push(ConstraintDefect { kind, words });
        }
    };
    let Some(mut lists) = Reader::within(value, SEQUENCE) else {
        tell(ConstraintKind::Structure, "no SEQUENCE".to_owned());
        return;
    };
    let (permitted, excluded) = (lists.take(0xa0), lists.take(0xa1));
    if !lists.rest().is_empty() {
        tell(ConstraintKind::Structure, "something beside permitted and excluded names".to_owned());
    }
    if permitted.is_none_or(<[u8]>::is_empty) && excluded.is_none_or(<[u8]>::is_empty) {
        tell(ConstraintKind::Empty, "neither permitted nor excluded names".to_owned());
    }
    for list in [permitted, excluded] {
        let mut subtrees = Reader::new(list.unwrap_or_default());
        while let Some(subtree) = subtrees.take(SEQUENCE) {
            one(subtree, &mut tell);
        }
        if !subtrees.rest().is_empty() {
            tell(ConstraintKind::Structure, "a subtree that is not one".to_owned());
        }
    }
}

fn one(subtree: &[u8], tell: &mut impl FnMut(ConstraintKind, String)) {
    let mut fields = Reader::new(subtree);
    let Some(base) = fields.next() else {
        tell(ConstraintKind::Structure, "a subtree without a name".to_owned());
        return;
    };
    if fields.take(0x80).is_some_and(|minimum| !trimmed(minimum).is_empty()) {
        tell(ConstraintKind::Minimum, "a `minimum` other than 0".to_owned());
    }
    if fields.take(0x81).is_some() {
        tell(ConstraintKind::Maximum, "a `maximum`".to_owned());
    }
    let text = String::from_utf8_lossy(base.value);
    match base.tag {
        0x82 if !is_domain(&text, 1) && !text.is_empty() && text != "." => {
            tell(ConstraintKind::Name, format!("`{}`, which is no domain", shown(&text)));
        }
        0x86 if !is_domain(&text, 2) => {
            let words = format!("the URI constraint `{}`, which is no full name", shown(&text));
            tell(ConstraintKind::Name, words);
        }
        0x87 => {
            let half = base.value.len() / 2;
            let network =
                matches!(base.value.len(), 8 | 32) && base.value.get(half..).is_some_and(is_mask);
            if !network {
                let words = "an iPAddress that is no address and mask".to_owned();
                tell(ConstraintKind::Network, words);
            }
        }
        0xa4 => tell(ConstraintKind::Directory, "a directoryName".to_owned()),
        0x81 | 0x82 | 0x86 => {}
        0xa0 => tell(ConstraintKind::Form, "an otherName".to_owned()),
        0xa3 => tell(ConstraintKind::Form, "an x400Address".to_owned()),
        0xa5 => tell(ConstraintKind::Form, "an ediPartyName".to_owned()),
        0x88 => tell(ConstraintKind::Form, "a registeredID".to_owned()),
        _ => tell(ConstraintKind::Structure, "a name of an unknown kind".to_owned()),
    }
}

fn shown(text: &str) -> String {
    text.chars().take(253).map(|sign| if sign == '`' { '\'' } else { sign }).collect()
}

/// Whether text is a domain name of so many labels or more, perhaps with a leading period.
fn is_domain(text: &str, least: usize) -> bool {
    let name = text.strip_prefix('.').unwrap_or(text);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let address = name.parse::<std::net::Ipv4Addr>().is_ok();
    name.len() <= 253 && !address && name.split('.').all(label) && name.split('.').count() >= least
}

/// Whether octets are ones followed by zeros.
fn is_mask(mask: &[u8]) -> bool {
    let mut bits = mask.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    !bits.by_ref().skip_while(|bit| *bit == 1).any(|bit| bit == 1)
}
