//! A small reader and writer of DER (X.690), bounds-checked and not recursive.

use std::fmt::Write as _;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;

/// One element: tag, value, and both with the length between them.
#[derive(Clone, Copy)]
pub(crate) struct Tlv<'a> {
    pub(crate) tag: u8,
    pub(crate) value: &'a [u8],
    pub(crate) raw: &'a [u8],
}

/// Reads elements one after the other; the first that does not fit ends the reading.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The reader of the values of an element, where `bytes` start with one of `tag`.
    pub(crate) fn within(bytes: &'a [u8], tag: u8) -> Option<Self> {
        Self::new(bytes).take(tag).map(Self::new)
    }

    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element. Tags above 30, indefinite lengths and lengths beyond the input are not
    /// read; lengths longer than they need be are, because encoders at large write them.
    pub(crate) fn next(&mut self) -> Option<Tlv<'a>> {
        let (&tag, after_tag) = self.rest.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, after_length) = after_tag.split_first()?;
        let (length, content) = if first < 0x80 {
            (usize::from(first), after_length)
        } else {
            let count = usize::from(first & 0x7f);
            if count == 0 || count > 4 {
                return None;
            }
            let digits = after_length.get(..count)?;
            let length = digits.iter().fold(0_u64, |sum, &digit| (sum << 8) | u64::from(digit));
            (usize::try_from(length).ok()?, after_length.get(count..)?)
        };
        let value = content.get(..length)?;
        let rest = content.get(length..)?;
        let raw = self.rest.get(..self.rest.len() - rest.len())?;
        self.rest = rest;
        Some(Tlv { tag, value, raw })
    }

    /// The value of the next element, if it has this tag; else nothing is read.
    pub(crate) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let element = ahead.next().filter(|element| element.tag == tag)?;
        *self = ahead;
        Some(element.value)
    }
}

/// The octets of a BIT STRING's value that has no unused bits.
pub(crate) fn octets_of_bits(value: &[u8]) -> Option<&[u8]> {
    value.split_first().and_then(|(&unused, octets)| (unused == 0).then_some(octets))
}

/// An unsigned number without leading zeros.
pub(crate) fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|&&byte| byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// Bits of an unsigned number.
pub(crate) fn bits(number: &[u8]) -> u32 {
    let number = trimmed(number);
    let Some(first) = number.first() else { return 0 };
    let bits = number.len().saturating_mul(8).saturating_sub(first.leading_zeros() as usize);
    u32::try_from(bits).unwrap_or(u32::MAX)
}

/// Writes one element.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 6);
    out.push(tag);
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let digits = (length as u64).to_be_bytes();
            let digits = trimmed(&digits);
            out.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
            out.extend_from_slice(digits);
        }
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// Writes a non-negative INTEGER.
pub(crate) fn unsigned(number: &[u8]) -> Vec<u8> {
    let number = trimmed(number);
    match number.first() {
        Some(first) if *first < 0x80 => element(INTEGER, &[number]),
        _ => element(INTEGER, &[&[0], number]),
    }
}

/// An object identifier in dotted form. Identifiers longer than any in use are named by length.
pub(crate) fn oid_text(value: &[u8]) -> String {
    const LONGEST: usize = 64;
    if value.is_empty() || value.len() > LONGEST {
        return format!("identifier of {} bytes", value.len());
    }
    let mut text = String::new();
    let mut arc: u128 = 0;
    let mut first = true;
    for &byte in value {
        if arc > u128::MAX >> 8 {
            return format!("identifier of {} bytes", value.len());
        }
        arc = (arc << 7) | u128::from(byte & 0x7f);
        if byte & 0x80 != 0 {
            continue;
        }
        if first {
            let root = (arc / 40).min(2);
            let _ = write!(text, "{root}.{}", arc - root * 40);
            first = false;
        } else {
            let _ = write!(text, ".{arc}");
        }
        arc = 0;
    }
    text
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::{Reader, SEQUENCE, element, oid_text, unsigned};

    #[test]
    fn what_is_written_is_read() {
        for length in [0, 1, 127, 128, 255, 256, 70_000] {
            let bytes = element(SEQUENCE, &[&vec![7; length]]);
            let mut reader = Reader::new(&bytes);
            let read = reader.next().unwrap();
            assert_eq!(
                (read.tag, read.value.len(), read.raw.len()),
                (SEQUENCE, length, bytes.len())
            );
            assert!(reader.rest().is_empty());
        }
        assert_eq!(unsigned(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[0]), [2, 1, 0]);
    }

    #[test]
    fn lengths_beyond_the_input_are_not_read() {
        for bytes in [
            &[0x30_u8, 5, 1][..],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x80],
            &[0x1f, 1],
            &[4],
        ] {
            assert!(Reader::new(bytes).next().is_none());
        }
    }

    #[test]
    fn object_identifiers_in_dotted_form() {
        assert_eq!(
            oid_text(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11]),
            "1.2.840.113549.1.1.11"
        );
        assert_eq!(oid_text(&[0x55, 4, 3]), "2.5.4.3");
        assert_eq!(oid_text(&[0xff; 60]), "identifier of 60 bytes");
    }
}
