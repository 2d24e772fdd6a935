//! What a CA's nameConstraints say (RFC 5280 §4.2.1.10), read when they are asked for.

use std::net::IpAddr;

use crate::certificate::Certificate;
use crate::der::{self, Reader, SEQUENCE};
use crate::limits::MAX_NAMES;

/// The dotted object identifier of nameConstraints.
const NAME_CONSTRAINTS: &str = "2.5.29.30";

/// A part of the names of one form. Nothing is judged here: text may be any bytes of UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subtree {
    /// dNSName: this name and all below it.
    Dns(String),
    /// iPAddress: a network.
    Ip {
        /// An address in the network.
        network: IpAddr,
        /// Leading bits that an address must share with it.
        prefix: u32,
    },
    /// uniformResourceIdentifier: a host, or with a leading period all hosts below it.
    Uri(String),
    /// rfc822Name: a mailbox, a host, or with a leading period all hosts below it.
    Email(String),
    /// directoryName: the DER of each relative distinguished name that a name must begin with.
    Directory(Vec<Vec<u8>>),
    /// Any other form, by its name.
    Other(&'static str),
}

impl Subtree {
    /// The form as RFC 5280 calls it.
    #[must_use]
    pub const fn form(&self) -> &'static str {
        match self {
            Self::Dns(_) => "dNSName",
            Self::Ip { .. } => "iPAddress",
            Self::Uri(_) => "uniformResourceIdentifier",
            Self::Email(_) => "rfc822Name",
            Self::Directory(_) => "directoryName",
            Self::Other(form) => form,
        }
    }
}

/// nameConstraints of a CA.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameConstraints {
    /// If there is one of a name's form, the name must lie in one of them.
    pub permitted: Vec<Subtree>,
    /// No name may lie in one of them.
    pub excluded: Vec<Subtree>,
    /// Whether the extension is critical.
    pub critical: bool,
    /// What cannot be read or may not be written so, in words: the end of a sentence.
    pub problems: Vec<String>,
}

impl NameConstraints {
    /// Reads the value of the extension.
    #[must_use]
    pub fn read(value: &[u8], critical: bool) -> Self {
        let mut constraints = Self { critical, ..Self::default() };
        let Some(mut lists) = Reader::within(value, SEQUENCE) else {
            constraints.problems.push("are no sequence".to_owned());
            return constraints;
        };
        let permitted = lists.take(0xa0);
        let excluded = lists.take(0xa1);
        if permitted.is_none_or(<[u8]>::is_empty) && excluded.is_none_or(<[u8]>::is_empty) {
            constraints.problems.push("name nothing".to_owned());
        }
        if !lists.rest().is_empty() {
            constraints.problems.push("hold more than permitted and excluded names".to_owned());
        }
        let problems = &mut constraints.problems;
        constraints.permitted = subtrees(permitted.unwrap_or_default(), problems);
        constraints.excluded = subtrees(excluded.unwrap_or_default(), problems);
        constraints
    }

    /// Whether a name of that form is constrained.
    #[must_use]
    pub fn concern(&self, form: &str) -> bool {
        self.permitted.iter().chain(&self.excluded).any(|subtree| subtree.form() == form)
    }
}

/// Reads GeneralSubtrees.
fn subtrees(list: &[u8], problems: &mut Vec<String>) -> Vec<Subtree> {
    let mut subtrees = Vec::new();
    let mut list = Reader::new(list);
    while !list.rest().is_empty() {
        let Some(subtree) = list.take(SEQUENCE) else {
            problems.push("hold an entry that cannot be read".to_owned());
            break;
        };
        if subtrees.len() >= MAX_NAMES {
            problems.push(format!("hold more than {MAX_NAMES} names"));
            break;
        }
        let mut subtree = Reader::new(subtree);
        match subtree.next() {
            Some(base) => {
                subtrees.extend(self::subtree(base.tag, base.value, problems));
                if !subtree.rest().is_empty() {
                    problems.push("set a minimum or a maximum".to_owned());
                }
            }
            None => problems.push("hold an entry without a name".to_owned()),
        }
    }
    subtrees
}

fn subtree(tag: u8, value: &[u8], problems: &mut Vec<String>) -> Option<Subtree> {
    let mut text = |form: &str| {
        let text = std::str::from_utf8(value).ok().filter(|text| text.is_ascii());
        if text.is_none() {
            problems.push(format!("hold a {form} that is not ASCII"));
        }
        text.map(str::to_owned)
    };
    Some(match tag {
        0x81 => Subtree::Email(text("rfc822Name")?),
        0x82 => Subtree::Dns(text("dNSName")?),
        0x86 => Subtree::Uri(text("uniformResourceIdentifier")?),
        0x87 => match network(value) {
            Some(network) => network,
            None => {
                problems.push(format!(
                    "hold an iPAddress of {} bytes that is no address and mask",
                    value.len()
                ));
                return None;
            }
        },
        0xa4 => Subtree::Directory(relative_names(
            Reader::new(value).take(SEQUENCE).unwrap_or_default(),
        )),
        0xa0 => Subtree::Other("otherName"),
        0xa3 => Subtree::Other("x400Address"),
        0xa5 => Subtree::Other("ediPartyName"),
        0x88 => Subtree::Other("registeredID"),
        _ => {
            problems.push("hold a name of a form that does not exist".to_owned());
            return None;
        }
    })
}

/// Address and mask, whose ones must all stand before its zeros.
fn network(value: &[u8]) -> Option<Subtree> {
    let (address, mask) = value.split_at_checked(value.len() / 2)?;
    let v4 = <[u8; 4]>::try_from(address).map(IpAddr::from);
    let network = v4.or_else(|_| <[u8; 16]>::try_from(address).map(IpAddr::from)).ok()?;
    if mask.len() != address.len() {
        return None;
    }
    let bits = mask.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    let width = u32::try_from(mask.len()).ok()? * 8;
    let ones = (bits << (128 - width)).leading_ones();
    (ones == bits.count_ones()).then_some(Subtree::Ip { network, prefix: ones })
}

/// The DER of each RelativeDistinguishedName of a Name's content.
fn relative_names(name: &[u8]) -> Vec<Vec<u8>> {
    let mut name = Reader::new(name);
    std::iter::from_fn(|| name.next()).map(|each| each.raw.to_vec()).collect()
}

impl Certificate {
    /// nameConstraints, if there.
    #[must_use]
    pub fn name_constraints(&self) -> Option<NameConstraints> {
        let critical = self.extension(NAME_CONSTRAINTS)?.critical;
        self.extension_value(NAME_CONSTRAINTS).map(|value| NameConstraints::read(value, critical))
    }

    /// The DER of each relative distinguished name of the subject, the outermost first.
    #[must_use]
    pub fn subject_names(&self) -> Vec<Vec<u8>> {
        // Before the subject stand serial number, signature, issuer and validity.
        let subject = self.fields().and_then(|mut fields| {
            (0..4).try_for_each(|_| fields.next().map(drop))?;
            fields.take(SEQUENCE)
        });
        subject.map(relative_names).unwrap_or_default()
    }

    /// Every directoryName in subjectAltName, as [`Self::subject_names`] has the subject's.
    #[must_use]
    pub fn directory_names(&self) -> Vec<Vec<Vec<u8>>> {
        let value = self.extension_value("2.5.29.17").unwrap_or_default();
        let mut names = Reader::new(Reader::new(value).take(SEQUENCE).unwrap_or_default());
        std::iter::from_fn(|| names.next())
            .take(MAX_NAMES)
            .filter(|name| name.tag == 0xa4)
            .map(|name| relative_names(Reader::new(name.value).take(SEQUENCE).unwrap_or_default()))
            .collect()
    }

    /// authorityCertSerialNumber of authorityKeyIdentifier (RFC 5280 §4.2.1.1), written as
    /// [`Self::serial`] is.
    #[must_use]
    pub fn authority_serial(&self) -> Option<String> {
        const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
        self.extension(AUTHORITY_KEY_IDENTIFIER)?;
        let value = self.extension_value(AUTHORITY_KEY_IDENTIFIER)?;
        let mut fields = Reader::within(value, SEQUENCE)?;
        let _key_identifier = fields.take(0x80);
        let _issuer = fields.take(0xa1);
        fields.take(0x82).map(der::hex)
    }

    /// The fields of the signed part, from the serial number on.
    pub(crate) fn fields(&self) -> Option<Reader<'_>> {
        let mut outer = Reader::within(&self.der, SEQUENCE)?;
        let mut fields = Reader::new(outer.take(SEQUENCE)?);
        let _version = fields.take(0xa0);
        Some(fields)
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::{NameConstraints, Subtree, network};
    use crate::der::{SEQUENCE, element};

    fn general(tag: u8, value: &[u8]) -> Vec<u8> {
        element(SEQUENCE, &[&element(tag, &[value])])
    }

    fn read(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> NameConstraints {
        let list = |tag: u8, list: &[Vec<u8>]| {
            let parts: Vec<&[u8]> = list.iter().map(Vec::as_slice).collect();
            if parts.is_empty() { Vec::new() } else { element(tag, &parts) }
        };
        let value = element(SEQUENCE, &[&list(0xa0, permitted), &list(0xa1, excluded)]);
        NameConstraints::read(&value, true)
    }

    #[test]
    fn every_form_is_read() {
        let permitted = [
            general(0x82, b"example.com"),
            general(0x87, &[10, 0, 0, 0, 255, 0, 0, 0]),
            general(0x86, b".example.com"),
            general(0x81, b"a@example.com"),
            general(0xa4, &element(SEQUENCE, &[&[0x31, 0]])),
            general(0x88, &[42]),
        ];
        let constraints = read(&permitted, &[general(0x82, b"")]);
        assert!(constraints.problems.is_empty(), "{constraints:?}");
        assert_eq!(
            constraints.permitted,
            [
                Subtree::Dns("example.com".to_owned()),
                Subtree::Ip { network: IpAddr::from([10, 0, 0, 0]), prefix: 8 },
                Subtree::Uri(".example.com".to_owned()),
                Subtree::Email("a@example.com".to_owned()),
                Subtree::Directory(vec![vec![0x31, 0]]),
                Subtree::Other("registeredID"),
            ]
        );
        assert_eq!(constraints.excluded, [Subtree::Dns(String::new())]);
        assert!(constraints.concern("dNSName") && !constraints.concern("otherName"));
    }

    #[test]
    fn what_is_broken_is_named() {
        for (constraints, words) in [
            (read(&[], &[]), "name nothing"),
            (NameConstraints::read(&[5, 0], true), "are no sequence"),
            (read(&[general(0x82, &[0xff])], &[]), "hold a dNSName that is not ASCII"),
            (
                read(&[general(0x87, &[10, 0, 0, 0])], &[]),
                "hold an iPAddress of 4 bytes that is no address and mask",
            ),
            (read(&[], &[general(0x99, b"x")]), "hold a name of a form that does not exist"),
            (
                read(
                    &[element(
                        SEQUENCE,
                        &[&element(0x82, &[b"a.example"]), &element(0x80, &[&[1]])],
                    )],
                    &[],
                ),
                "set a minimum or a maximum",
            ),
            (read(&[vec![5, 0]], &[]), "hold an entry that cannot be read"),
        ] {
            assert_eq!(constraints.problems, [words], "{constraints:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(mut bytes in vec(any::<u8>(), 0..200), wrap in any::<bool>()) {
            if wrap {
                bytes = element(SEQUENCE, &[&element(0xa0, &[&general(0x82, &bytes), &bytes])]);
            }
            let constraints = NameConstraints::read(&bytes, true);
            prop_assert!(constraints.permitted.len() + constraints.excluded.len() <= bytes.len());
        }
    }

    #[test]
    fn masks_are_ones_then_zeros() {
        let prefix = |value: &[u8]| match network(value) {
            Some(Subtree::Ip { prefix, .. }) => Some(prefix),
            _ => None,
        };
        assert_eq!(prefix(&[0; 8]), Some(0));
        assert_eq!(prefix(&[255; 8]), Some(32));
        assert_eq!(prefix(&[255; 32]), Some(128));
        assert_eq!(prefix(&[1, 2, 3, 4, 255, 255, 254, 0]), Some(23));
        assert_eq!(prefix(&[1, 2, 3, 4, 255, 0, 255, 0]), None);
        for length in [0, 1, 7, 9, 31, 33, 64] {
            assert_eq!(prefix(&vec![0; length]), None, "{length}");
        }
    }
}
