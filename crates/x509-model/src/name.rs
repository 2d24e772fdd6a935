//! Distinguished names as text.

use std::fmt::Write as _;

use crate::der::{self, OID, Reader};
use crate::limits::MAX_NAME_TEXT;

const SET: u8 = 0x31;
const COMMON_NAME: &str = "2.5.4.3";

/// A distinguished name read from the content of its SEQUENCE.
pub(crate) struct Name {
    /// As RFC 4514 writes it: most specific part first, special characters escaped.
    pub(crate) text: String,
    pub(crate) common_names: Vec<String>,
}

impl Name {
    pub(crate) fn read(content: &[u8]) -> Self {
        let mut common_names = Vec::new();
        let mut parts: Vec<String> = Vec::new();
        let mut length = 0;
        let mut sets = Reader::new(content);
        while let Some(set) = sets.take(SET) {
            let mut part = String::new();
            let mut attributes = Reader::new(set);
            while let Some(mut attribute) = attributes.take(der::SEQUENCE).map(Reader::new) {
                let oid = der::oid_text(attribute.take(OID).unwrap_or_default());
                let value = attribute.next();
                let (value, shown) =
                    value.map(|value| text(value.tag, value.value)).unwrap_or_default();
                if !part.is_empty() {
                    part.push('+');
                }
                let _ = write!(part, "{}={}", short(&oid), shown);
                if oid == COMMON_NAME {
                    common_names.push(value);
                }
            }
            length += part.len();
            parts.push(part);
            if length > MAX_NAME_TEXT {
                break;
            }
        }
        parts.reverse();
        let mut text = parts.join(",");
        if text.len() > MAX_NAME_TEXT {
            text.truncate(text.floor_char_boundary(MAX_NAME_TEXT));
            text.push('…');
        }
        Self { text, common_names }
    }
}

/// The customary short name of an attribute (RFC 4514 §3, and what OpenSSL prints).
fn short(oid: &str) -> &str {
    match oid {
        COMMON_NAME => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "STREET",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.12" => "title",
        "2.5.4.42" => "GN",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.2.840.113549.1.9.1" => "emailAddress",
        other => other,
    }
}

/// The text of an ASN.1 string, plain and as a name shows it: anything but a string is shown as
/// `#` and hexadecimal (RFC 4514 §2.4).
fn text(tag: u8, value: &[u8]) -> (String, String) {
    let value = value.get(..value.len().min(MAX_NAME_TEXT)).unwrap_or_default();
    let text: String = match tag {
        // UTF8String, NumericString, PrintableString, IA5String, VisibleString.
        0x0c | 0x12 | 0x13 | 0x16 | 0x1a => String::from_utf8_lossy(value).into_owned(),
        // TeletexString, which everybody fills with Latin-1.
        0x14 => value.iter().map(|&byte| char::from(byte)).collect(),
        // BMPString.
        0x1e => {
            let unit =
                |pair: &[u8]| pair.iter().fold(0, |unit, &byte| (unit << 8) | u16::from(byte));
            let units = value.chunks_exact(2).map(unit);
            char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect()
        }
        _ => {
            let text = format!("#{}", der::hex(value));
            return (text.clone(), text);
        }
    };
    let shown = escaped(&text);
    (text, shown)
}

fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (at, character) in value.chars().enumerate() {
        let special = matches!(character, '"' | '+' | ',' | ';' | '<' | '>' | '\\')
            || (at == 0 && matches!(character, '#' | ' '))
            || (at == last && character == ' ');
        match character {
            '\0' => out.push_str("\\00"),
            _ if special => out.extend(['\\', character]),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{escaped, text};

    #[test]
    fn special_characters_are_escaped() {
        assert_eq!(escaped("a,b+c "), "a\\,b\\+c\\ ");
        assert_eq!(escaped("#a#"), "\\#a#");
    }

    #[test]
    fn strings_of_every_kind() {
        assert_eq!(text(0x1e, &[0, b'a', 0x20, 0xac, 9]).0, "a€");
        assert_eq!(text(0x14, &[0xfc]).0, "ü");
        assert_eq!(text(2, &[1]).1, "#01");
    }
}
