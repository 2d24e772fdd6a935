//! The parts of a certificate (RFC 5280 §4.1), taken apart without a look inside.
//!
//! Whatever has the outline of a certificate is one: encodings that a strict parser refuses are
//! taken here, and told by [`crate::encoding`].

use crate::der::{self, BIT_STRING, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE, Tlv};

/// BOOLEAN.
pub(crate) const BOOLEAN: u8 = 0x01;

/// A certificate in parts.
pub(crate) struct Outline<'a> {
    /// The whole.
    pub(crate) whole: Tlv<'a>,
    /// `[0]`, which is left out by version 1.
    pub(crate) version: Option<Tlv<'a>>,
    pub(crate) serial: Tlv<'a>,
    /// `AlgorithmIdentifier` of what is signed.
    pub(crate) inner: Tlv<'a>,
    pub(crate) issuer: Tlv<'a>,
    pub(crate) validity: Tlv<'a>,
    pub(crate) subject: Tlv<'a>,
    pub(crate) key: Tlv<'a>,
    /// `[1]`, `[2]`: issuerUniqueID and subjectUniqueID.
    pub(crate) unique: [Option<Tlv<'a>>; 2],
    /// `[3]`.
    pub(crate) extensions: Option<Tlv<'a>>,
    /// What stands behind the last part of what is signed.
    pub(crate) more: &'a [u8],
    /// `AlgorithmIdentifier` beside the signature.
    pub(crate) outer: Tlv<'a>,
    pub(crate) signature: Tlv<'a>,
    /// What stands behind the signature.
    pub(crate) beyond: &'a [u8],
}

impl<'a> Outline<'a> {
    /// Takes a certificate apart; says in words what is missing.
    pub(crate) fn read(whole: Tlv<'a>) -> Result<Self, String> {
        let mut parts = Reader::new(whole.value);
        let body = part(&mut parts, SEQUENCE, "certificate has no signed part")?;
        let mut fields = Reader::new(body.value);
        let version = optional(&mut fields, &[0xa0]);
        let serial = part(&mut fields, INTEGER, "serial number is missing")?;
        let inner = part(&mut fields, SEQUENCE, "signature algorithm is missing")?;
        let issuer = part(&mut fields, SEQUENCE, "issuer is missing")?;
        let validity = part(&mut fields, SEQUENCE, "validity is missing")?;
        let subject = part(&mut fields, SEQUENCE, "subject is missing")?;
        let key = part(&mut fields, SEQUENCE, "public key is missing")?;
        let unique = [optional(&mut fields, &[0x81, 0xa1]), optional(&mut fields, &[0x82, 0xa2])];
        let extensions = optional(&mut fields, &[0xa3]);
        let outer = part(&mut parts, SEQUENCE, "certificate has no signature algorithm")?;
        let signature = part(&mut parts, BIT_STRING, "certificate has no signature")?;
        Ok(Self {
            whole,
            version,
            serial,
            inner,
            issuer,
            validity,
            subject,
            key,
            unique,
            extensions,
            more: fields.rest(),
            outer,
            signature,
            beyond: parts.rest(),
        })
    }

    /// The version as people count it: 1, 2 or 3.
    pub(crate) fn version(&self) -> u32 {
        let number = self.version.and_then(|version| Reader::new(version.value).take(INTEGER));
        number.map_or(1, |number| match der::trimmed(number) {
            [] => 1,
            [number] => u32::from(*number) + 1,
            _ => u32::MAX,
        })
    }

    /// The extensions in their order, up to the first that is none.
    pub(crate) fn extensions(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let list = self.extensions.and_then(|list| Reader::new(list.value).take(SEQUENCE));
        let mut list = Reader::new(list.unwrap_or_default());
        std::iter::from_fn(move || Entry::read(list.next()?))
    }
}

/// One extension (RFC 5280 §4.1), not yet read.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) raw: &'a [u8],
    pub(crate) oid: &'a [u8],
    /// The content of the BOOLEAN, if there is one.
    pub(crate) critical: Option<&'a [u8]>,
    pub(crate) value: &'a [u8],
    /// What stands behind the value.
    pub(crate) more: &'a [u8],
}

impl<'a> Entry<'a> {
    fn read(element: Tlv<'a>) -> Option<Self> {
        let mut fields = (element.tag == SEQUENCE).then(|| Reader::new(element.value))?;
        let oid = fields.take(OID)?;
        let critical = fields.take(BOOLEAN);
        let value = fields.take(OCTET_STRING)?;
        Some(Self { raw: element.raw, oid, critical, value, more: fields.rest() })
    }

    pub(crate) fn is_critical(&self) -> bool {
        self.critical.is_some_and(|content| content.iter().any(|byte| *byte != 0))
    }
}

fn part<'a>(reader: &mut Reader<'a>, tag: u8, missing: &str) -> Result<Tlv<'a>, String> {
    let mut ahead = *reader;
    match ahead.next() {
        Some(element) if element.tag == tag => {
            *reader = ahead;
            Ok(element)
        }
        _ => Err(missing.to_owned()),
    }
}

fn optional<'a>(reader: &mut Reader<'a>, tags: &[u8]) -> Option<Tlv<'a>> {
    let mut ahead = *reader;
    let element = ahead.next().filter(|element| tags.contains(&element.tag))?;
    *reader = ahead;
    Some(element)
}
