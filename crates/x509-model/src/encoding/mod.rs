//! How a certificate is written, where DER (X.690) and RFC 5280 leave no choice.
//!
//! Go, rustls and BoringSSL refuse most of what is told here; x509-parser, OpenSSL and Java's
//! older versions take much of it. Everything is one pass over the bytes, without recursion.

mod algorithm;
mod constraints;
mod extension;
mod walk;

use std::collections::HashSet;

use crate::der::{self, INTEGER, Reader, SEQUENCE};
use crate::limits::MAX_EXTENSIONS;
use crate::outline::Outline;
use crate::parse::extension_name;
use crate::time::Time;

use self::walk::Walk;

pub use self::algorithm::{AlgorithmDefect, AlgorithmPlace};
pub use self::constraints::{ConstraintDefect, ConstraintKind};

/// Most defects of one sort that are told of one certificate.
const MOST: usize = 20;

/// A kind of [`Defect`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DefectKind {
    /// A length longer than it need be, an indefinite one, or elements nested without end.
    Length,
    /// A BOOLEAN that is neither 00 nor FF.
    Boolean,
    /// A value written out that is the default.
    Default,
    /// An INTEGER, ENUMERATED or OBJECT IDENTIFIER that is empty or longer than it need be, or a
    /// number that may not be negative and is.
    Number,
    /// A BIT STRING whose unused bits are not zero or more than seven.
    BitString,
    /// keyUsage with bits or octets that it need not have.
    KeyUsage,
    /// A time that RFC 5280 §4.1.2.5 does not let be written so.
    Time,
    /// A SEQUENCE or SET that may not be empty and is.
    Empty,
    /// A character string with characters that its type does not have.
    Text,
    /// issuerUniqueID or subjectUniqueID, which RFC 5280 §4.1.2.8 forbids.
    UniqueId,
    /// An iPAddress that has neither four nor sixteen octets.
    Address,
    /// Octets where there should be none.
    Trailing,
    /// An extension, key or other part that is not what its standard says.
    Structure,
}

/// Something in a certificate that is not written as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Its kind.
    pub kind: DefectKind,
    /// In words that go on from "the certificate has": "no seconds in notBefore".
    pub words: String,
}

/// The public exponent of an RSA key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exponent {
    /// Whether the INTEGER is negative.
    pub negative: bool,
    /// Whether it is even.
    pub even: bool,
    /// Its size in bits, read as an unsigned number.
    pub bits: u32,
}

/// What is remarkable about how a certificate is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoding {
    /// What is not DER, or not as RFC 5280 has it.
    pub defects: Vec<Defect>,
    /// Extensions that appear more than once, each named once.
    pub duplicates: Vec<String>,
    /// What is unusual about algorithm identifiers.
    pub algorithms: Vec<AlgorithmDefect>,
    /// What is wrong inside nameConstraints.
    pub constraints: Vec<ConstraintDefect>,
    /// The public exponent, if the key is RSA.
    pub exponent: Option<Exponent>,
    /// Whether pathLenConstraint is there, be it a number below zero.
    pub has_path_len: bool,
    /// Whether pathLenConstraint is below zero.
    pub path_len_negative: bool,
    /// Whether the issuer has no attribute that says something.
    pub issuer_is_empty: bool,
    /// Whether the subject has no attribute that says something.
    pub subject_is_empty: bool,
}

impl Encoding {
    fn defect(&mut self, kind: DefectKind, words: impl Into<String>) {
        if self.defects.len() < MOST {
            self.defects.push(Defect { kind, words: words.into() });
        }
    }

    /// Looks at every part of a certificate.
    pub(crate) fn examine(outline: &Outline<'_>) -> Self {
        let mut encoding = Self {
            issuer_is_empty: is_blank(outline.issuer.value),
            subject_is_empty: is_blank(outline.subject.value),
            ..Self::default()
        };
        encoding.frame(outline);
        encoding.version(outline);
        encoding.walk("the serial number", outline.serial.raw);
        encoding.walk("the signature algorithm", outline.inner.raw);
        encoding.walk("the issuer", outline.issuer.raw);
        encoding.validity(outline);
        encoding.walk("the subject", outline.subject.raw);
        encoding.key(outline.key.raw);
        for (part, name) in outline.unique.iter().zip(["issuerUniqueID", "subjectUniqueID"]) {
            if part.is_some() {
                encoding.defect(DefectKind::UniqueId, name);
            }
        }
        encoding.extensions(outline);
        encoding.walk("the outer signature algorithm", outline.outer.raw);
        if outline.signature.value.first() != Some(&0) {
            encoding.defect(DefectKind::BitString, "unused bits in its signature");
        }
        algorithm::examine(outline, &mut encoding.algorithms);
        encoding
    }

    /// Adds what a walk over a part finds.
    fn walk(&mut self, place: &str, bytes: &[u8]) {
        Walk::new(&|| place.to_owned(), &mut self.defects).over(bytes);
    }

    /// The two outermost elements and what may not follow in them.
    fn frame(&mut self, outline: &Outline<'_>) {
        Walk::new(&|| "the certificate".to_owned(), &mut self.defects).head(outline.whole.raw);
        Walk::new(&|| "the signed part".to_owned(), &mut self.defects).head(outline.whole.value);
        if !outline.more.is_empty() {
            self.defect(DefectKind::Trailing, "further data at the end of its signed part");
        }
        if !outline.beyond.is_empty() {
            self.defect(DefectKind::Trailing, "further data behind its signature");
        }
    }

    fn version(&mut self, outline: &Outline<'_>) {
        let Some(version) = outline.version else { return };
        self.walk("the version", version.raw);
        let mut content = Reader::new(version.value);
        match content.take(INTEGER) {
            Some([0]) => self.defect(DefectKind::Default, "version 1 written out"),
            Some(_) if content.rest().is_empty() => {}
            _ => self.defect(DefectKind::Structure, "a version that is not one number"),
        }
    }

    fn validity(&mut self, outline: &Outline<'_>) {
        self.walk("the validity", outline.validity.raw);
        let mut times = Reader::new(outline.validity.value);
        for place in ["notBefore", "notAfter"] {
            let time = times.next().and_then(|time| Time::read(time.tag, time.value));
            let Some(time) = time else { return };
            if time.no_seconds {
                self.defect(DefectKind::Time, format!("no seconds in {place}"));
            }
            if time.fraction {
                self.defect(DefectKind::Time, format!("fractions of a second in {place}"));
            }
            if time.zone {
                self.defect(DefectKind::Time, format!("no `Z` at the end of {place}"));
            }
            if time.early {
                let words = format!("{place} as GeneralizedTime, for a year before 2050");
                self.defect(DefectKind::Time, words);
            }
        }
        if !times.rest().is_empty() {
            self.defect(DefectKind::Trailing, "further data behind notAfter");
        }
    }

    fn key(&mut self, spki: &[u8]) {
        const RSA: [&[u8]; 2] = [
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1],
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10],
        ];
        self.walk("the public key", spki);
        let Some(mut parts) = Reader::within(spki, SEQUENCE) else { return };
        let algorithm = parts.take(SEQUENCE).unwrap_or_default();
        let oid = Reader::new(algorithm).take(der::OID).unwrap_or_default();
        let Some(bits) = parts.take(der::BIT_STRING) else {
            self.defect(DefectKind::Structure, "a public key without its BIT STRING");
            return;
        };
        if bits.first() != Some(&0) {
            self.defect(DefectKind::BitString, "unused bits in its public key");
        }
        if !parts.rest().is_empty() {
            self.defect(DefectKind::Trailing, "further data behind its public key");
        }
        if RSA.contains(&oid) {
            self.rsa(bits.get(1..).unwrap_or_default());
        }
    }

    /// `RSAPublicKey` (RFC 8017 §A.1.1).
    fn rsa(&mut self, key: &[u8]) {
        self.walk("the RSA public key", key);
        let mut whole = Reader::new(key);
        let mut numbers = Reader::new(whole.take(SEQUENCE).unwrap_or_default());
        let (Some(modulus), Some(exponent)) = (numbers.take(INTEGER), numbers.take(INTEGER)) else {
            self.defect(DefectKind::Structure, "an RSA key that is not modulus and exponent");
            return;
        };
        if !numbers.rest().is_empty() || !whole.rest().is_empty() {
            self.defect(DefectKind::Trailing, "further data behind its RSA key");
        }
        if is_negative(modulus) {
            self.defect(DefectKind::Number, "an RSA modulus below zero");
        }
        self.exponent = Some(Exponent {
            negative: is_negative(exponent),
            even: exponent.last().is_none_or(|byte| byte % 2 == 0),
            bits: der::bits(exponent),
        });
    }

    fn extensions(&mut self, outline: &Outline<'_>) {
        let Some(tagged) = outline.extensions else { return };
        Walk::new(&|| "the extensions".to_owned(), &mut self.defects).head(tagged.raw);
        Walk::new(&|| "the extensions".to_owned(), &mut self.defects).head(tagged.value);
        let mut whole = Reader::new(tagged.value);
        let Some(list) = whole.take(SEQUENCE) else {
            self.defect(DefectKind::Structure, "extensions that are no SEQUENCE");
            return;
        };
        if !whole.rest().is_empty() {
            self.defect(DefectKind::Trailing, "further data behind its extensions");
        }
        if list.is_empty() {
            self.defect(DefectKind::Empty, "an empty list of extensions");
        }
        let mut read = 0;
        let mut known: HashSet<&[u8]> = HashSet::new();
        for entry in outline.extensions().take(MAX_EXTENSIONS) {
            read += entry.raw.len();
            if !known.insert(entry.oid) {
                let oid = der::oid_text(entry.oid);
                let name = extension_name(&oid).to_owned();
                if self.duplicates.len() < MOST && !self.duplicates.contains(&name) {
                    self.duplicates.push(name);
                }
            }
            self.extension(&entry);
        }
        if read < list.len() && known.len() < MAX_EXTENSIONS {
            self.defect(DefectKind::Structure, "an extension that is not one");
        }
    }
}

/// Whether no attribute of a distinguished name has a value.
fn is_blank(name: &[u8]) -> bool {
    let mut sets = Reader::new(name);
    while let Some(set) = sets.next() {
        let mut attributes = Reader::new(set.value);
        while let Some(attribute) = attributes.next() {
            let mut fields = Reader::new(attribute.value);
            fields.next();
            if fields.next().is_some_and(|value| !value.value.is_empty()) {
                return false;
            }
        }
    }
    true
}

fn is_negative(number: &[u8]) -> bool {
    number.first().is_some_and(|byte| byte & 0x80 != 0)
}

#[cfg(test)]
mod tests;
