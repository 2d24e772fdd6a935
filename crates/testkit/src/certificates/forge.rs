//! Certificates that no library makes: a finished one is taken apart, altered, put together and
//! signed again.

use data_encoding::BASE64;
use rcgen::{KeyPair, SigningKey};
use serde::Deserialize;

use super::recipe::{bytes, numbers};

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OID: u8 = 0x06;

/// What is altered. Every `hex` of a whole part is its DER with tag and length.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Forge {
    /// 1 leaves the field out, as it must be; 0 writes version 1 out.
    version: Option<u8>,
    /// The content of the INTEGER in hexadecimal.
    serial: Option<String>,
    /// Times as text, the kind told by its length: `2612010000Z` is a UTCTime,
    /// `20261201000000Z` a GeneralizedTime.
    not_before: Option<String>,
    not_after: Option<String>,
    issuer: Option<String>,
    subject: Option<String>,
    spki: Option<String>,
    /// `AlgorithmIdentifier` of the public key.
    key_algorithm: Option<String>,
    /// Size of the RSA modulus, which loses its highest bits.
    modulus_bits: Option<usize>,
    /// The content of the INTEGER of the RSA public exponent.
    exponent: Option<String>,
    /// Content of issuerUniqueID and subjectUniqueID.
    unique_ids: Option<String>,
    /// Extensions that are left out, dotted.
    drop: Vec<String>,
    /// An extension that is written twice.
    duplicate: Option<String>,
    /// Extensions that are written anew or added.
    replace: Vec<Replacement>,
    /// `AlgorithmIdentifier` in the signed part and, where nothing else is said, beside the
    /// signature.
    signature_algorithm: Option<String>,
    /// `AlgorithmIdentifier` beside the signature.
    outer_algorithm: Option<String>,
    /// Bytes at the end of the signed part.
    trailing: Option<String>,
    /// The length of the signed part takes one octet more than it need.
    long_length: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Replacement {
    oid: String,
    #[serde(default)]
    critical: bool,
    /// The content of the BOOLEAN, such as `01` or `00`.
    boolean: Option<String>,
    /// The value; left out, it stays as it is.
    der: Option<String>,
}

/// Returns the certificate (PEM) altered, and signed with `issuer`.
pub(super) fn forge(pem: &str, forge: &Forge, issuer: &KeyPair) -> String {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).map(str::trim).collect();
    let der = BASE64.decode(body.as_bytes()).expect("PEM holds base64");
    let (_, whole, _) = split(&der);
    let parts = elements(whole);
    let (_, signed, _) = split(parts[0]);
    let fields = Fields::read(signed).altered(forge);
    let mut signed = fields.written();
    signed.extend(hex(forge.trailing.as_ref()).unwrap_or_default());
    let signed = if forge.long_length {
        let length = u16::try_from(signed.len()).expect("a small certificate").to_be_bytes();
        [&[SEQUENCE, 0x83, 0, length[0], length[1]][..], &signed].concat()
    } else {
        element(SEQUENCE, &signed)
    };
    let outer = hex(forge.outer_algorithm.as_ref()).unwrap_or(fields.algorithm);
    let mut signature = vec![0];
    signature.extend(issuer.sign(&signed).expect("a signature"));
    let whole = [signed, outer, element(BIT_STRING, &signature)].concat();
    armoured(&element(SEQUENCE, &whole))
}

/// Identifier, content of the BOOLEAN, value.
type Extension = (Vec<u8>, Option<Vec<u8>>, Vec<u8>);

/// The fields of what is signed, each with tag and length; those left out are empty.
struct Fields {
    version: Vec<u8>,
    serial: Vec<u8>,
    algorithm: Vec<u8>,
    issuer: Vec<u8>,
    validity: Vec<u8>,
    subject: Vec<u8>,
    spki: Vec<u8>,
    unique_ids: Vec<u8>,
    extensions: Vec<Extension>,
}

impl Fields {
    fn read(signed: &[u8]) -> Self {
        let parts = elements(signed);
        let field = |at: usize| parts.get(at).map(|part| part.to_vec()).unwrap_or_default();
        let extensions = parts.get(7).map(|tagged| {
            let (_, list, _) = split(split(tagged).1);
            elements(list)
        });
        let extension = |extension: &[u8]| {
            let parts = elements(split(extension).1);
            let content = |at: usize| split(parts[at]).1.to_vec();
            let boolean = (parts.len() == 3).then(|| content(1));
            (content(0), boolean, content(parts.len() - 1))
        };
        Self {
            version: field(0),
            serial: field(1),
            algorithm: field(2),
            issuer: field(3),
            validity: field(4),
            subject: field(5),
            spki: field(6),
            unique_ids: Vec::new(),
            extensions: extensions.into_iter().flatten().map(extension).collect(),
        }
    }

    fn altered(mut self, forge: &Forge) -> Self {
        match forge.version {
            None => {}
            Some(1) => self.version.clear(),
            Some(version) => {
                let number = element(INTEGER, &[version.saturating_sub(1)]);
                self.version = element(0xa0, &number);
            }
        }
        if let Some(serial) = hex(forge.serial.as_ref()) {
            self.serial = element(INTEGER, &serial);
        }
        let times: Vec<Vec<u8>> = elements(split(&self.validity).1)
            .into_iter()
            .zip([&forge.not_before, &forge.not_after])
            .map(|(old, new)| new.as_ref().map_or_else(|| old.to_vec(), |text| time(text)))
            .collect();
        self.validity = element(SEQUENCE, &times.concat());
        for (field, new) in [
            (&mut self.algorithm, &forge.signature_algorithm),
            (&mut self.issuer, &forge.issuer),
            (&mut self.subject, &forge.subject),
            (&mut self.spki, &forge.spki),
        ] {
            if let Some(new) = hex(new.as_ref()) {
                *field = new;
            }
        }
        self.alter_key(forge);
        if let Some(bits) = hex(forge.unique_ids.as_ref()) {
            let bits = [&[0][..], &bits].concat();
            self.unique_ids = [element(0x81, &bits), element(0x82, &bits)].concat();
        }
        self.alter_extensions(forge);
        self
    }

    fn alter_key(&mut self, forge: &Forge) {
        let parts = elements(split(&self.spki).1);
        let (old_algorithm, bits) = (parts[0], split(parts[1]).1);
        let algorithm = hex(forge.key_algorithm.as_ref()).unwrap_or_else(|| old_algorithm.to_vec());
        let mut bits = bits.to_vec();
        if forge.modulus_bits.is_some() || forge.exponent.is_some() {
            let numbers = elements(split(&bits[1..]).1);
            let mut modulus = split(numbers[0]).1.to_vec();
            if let Some(size) = forge.modulus_bits {
                modulus = without_small_factors(shortened(&modulus, size));
            }
            let exponent = hex(forge.exponent.as_ref());
            let exponent = exponent.unwrap_or_else(|| split(numbers[1]).1.to_vec());
            let key = [element(INTEGER, &modulus), element(INTEGER, &exponent)].concat();
            bits = [vec![0], element(SEQUENCE, &key)].concat();
        }
        let spki = [algorithm, element(BIT_STRING, &bits)].concat();
        self.spki = element(SEQUENCE, &spki);
    }

    fn alter_extensions(&mut self, forge: &Forge) {
        for dropped in &forge.drop {
            let oid = identifier(dropped);
            self.extensions.retain(|(known, ..)| *known != oid);
        }
        for new in &forge.replace {
            let oid = identifier(&new.oid);
            let critical = new.critical.then(|| vec![0xff]);
            let critical = hex(new.boolean.as_ref()).or(critical);
            let value = hex(new.der.as_ref());
            match self.extensions.iter_mut().find(|(known, ..)| *known == oid) {
                Some((_, old_critical, old)) => {
                    *old_critical = critical;
                    *old = value.unwrap_or_else(|| old.clone());
                }
                None => self.extensions.push((oid, critical, value.expect("a value"))),
            }
        }
        if let Some(twice) = &forge.duplicate {
            let oid = identifier(twice);
            let found = self.extensions.iter().find(|(known, ..)| *known == oid);
            let found = found.expect("an extension to double").clone();
            self.extensions.push(found);
        }
    }

    fn written(&self) -> Vec<u8> {
        let extensions: Vec<u8> = self
            .extensions
            .iter()
            .flat_map(|(oid, critical, value)| {
                let critical = critical.as_ref().map(|content| element(0x01, content));
                let parts =
                    [element(OID, oid), critical.unwrap_or_default(), element(OCTET_STRING, value)];
                element(SEQUENCE, &parts.concat())
            })
            .collect();
        let extensions = if extensions.is_empty() {
            Vec::new()
        } else {
            element(0xa3, &element(SEQUENCE, &extensions))
        };
        [
            &self.version,
            &self.serial,
            &self.algorithm,
            &self.issuer,
            &self.validity,
            &self.subject,
            &self.spki,
            &self.unique_ids,
            &extensions,
        ]
        .map(Vec::as_slice)
        .concat()
    }
}

fn hex(text: Option<&String>) -> Option<Vec<u8>> {
    text.map(|text| bytes(text))
}

fn time(text: &str) -> Vec<u8> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    element(if digits >= 14 { 0x18 } else { 0x17 }, text.as_bytes())
}

/// A positive number with its highest bits cut off, so that `size` remain and the highest is set.
fn shortened(number: &[u8], size: usize) -> Vec<u8> {
    let octets = size.div_ceil(8);
    let mut number = number[number.len() - octets..].to_vec();
    let top = (size - 1) % 8;
    number[0] = number[0] & (0xff >> (7 - top)) | 1 << top;
    if top == 7 {
        number.insert(0, 0);
    }
    number
}

/// A long number near another that has no small factor, so that its size is all that is wrong
/// with it, in every run.
fn without_small_factors(mut number: Vec<u8>) -> Vec<u8> {
    let last = number.len() - 1;
    // Three octets before the last take any number of steps.
    let mut step: u32 = 1;
    while (2..1_000).any(|factor| remainder(&number, factor) == 0) {
        step = step.wrapping_add(2);
        let [_, high, middle, low] = step.wrapping_mul(0x9e37_79b1).to_be_bytes();
        number[last - 2] = high;
        number[last - 1] = middle;
        number[last] = low | 1;
    }
    number
}

/// What is left of a number, big-endian, divided by a small one.
fn remainder(number: &[u8], by: u32) -> u32 {
    number.iter().fold(0, |rest, octet| ((rest << 8) | u32::from(*octet)) % by)
}

/// The content of an OBJECT IDENTIFIER.
pub(crate) fn identifier(dotted: &str) -> Vec<u8> {
    let numbers = numbers(dotted);
    let first = numbers[0] * 40 + numbers[1];
    let mut out = Vec::new();
    for number in std::iter::once(&first).chain(&numbers[2..]) {
        let groups = (0..10).rev().map(|group| u8::try_from(number >> (7 * group) & 0x7f));
        let groups: Vec<u8> = groups.map(|group| group.expect("seven bits")).collect();
        let start = groups.iter().position(|group| *group != 0).unwrap_or(9);
        let last = groups.len() - 1;
        out.extend(groups[start..last].iter().map(|group| group | 0x80));
        out.push(groups[last]);
    }
    out
}

/// Writes an element.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        length @ ..=0x7f => out.push(u8::try_from(length).expect("short")),
        length @ 0x80..=0xff => out.extend([0x81, u8::try_from(length).expect("short")]),
        length => {
            out.push(0x82);
            out.extend(u16::try_from(length).expect("a small certificate").to_be_bytes());
        }
    }
    out.extend(content);
    out
}

/// Whole first element, its content, and what follows.
pub(crate) fn split(der: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let (head, length) = match der[1] {
        short @ ..=0x7f => (2, usize::from(short)),
        0x81 => (3, usize::from(der[2])),
        0x82 => (4, usize::from(der[2]) << 8 | usize::from(der[3])),
        _ => panic!("a certificate of this library is small"),
    };
    (&der[..head + length], &der[head..head + length], &der[head + length..])
}

pub(crate) fn elements(mut content: &[u8]) -> Vec<&[u8]> {
    let mut elements = Vec::new();
    while !content.is_empty() {
        let (element, _, rest) = split(content);
        elements.push(element);
        content = rest;
    }
    elements
}

pub(crate) fn armoured(der: &[u8]) -> String {
    let body = BASE64.encode(der);
    let lines: Vec<&str> =
        body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::{element, elements, identifier, shortened, split};

    #[test]
    fn what_is_written_is_read() {
        for length in [0, 127, 128, 255, 256, 5000] {
            let content = vec![7; length];
            let written = [element(0x30, &content), element(2, &[1])].concat();
            assert_eq!(split(&written).1, content);
            assert_eq!(elements(&written).len(), 2);
        }
        assert_eq!(identifier("1.2.840.113549.1.1.11"), [42, 134, 72, 134, 247, 13, 1, 1, 11]);
        assert_eq!(identifier("2.5.29.14"), [0x55, 0x1d, 14]);
    }

    #[test]
    fn numbers_are_cut_to_size() {
        assert_eq!(shortened(&[0, 0xff, 0xff], 15), [0x7f, 0xff]);
        assert_eq!(shortened(&[0, 0x80, 0x01], 9), [1, 1]);
        assert_eq!(shortened(&[0, 0x00, 0x01], 8), [0, 0x81]);
    }
}
