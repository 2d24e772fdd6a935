//! A walk over DER that tells every element that is not written as DER demands.

use super::{Defect, DefectKind, MOST};
use crate::der::{BIT_STRING, INTEGER, NULL, OID};
use crate::outline::BOOLEAN;

/// Elements nested deeper are not looked into; certificates need about ten.
const DEEPEST: usize = 40;

const ENUMERATED: u8 = 0x0a;
const UTF8_STRING: u8 = 0x0c;
const PRINTABLE_STRING: u8 = 0x13;
const IA5_STRING: u8 = 0x16;
const VISIBLE_STRING: u8 = 0x1a;
const NUMERIC_STRING: u8 = 0x12;
const BMP_STRING: u8 = 0x1e;
const SET: u8 = 0x31;

/// A walk over one part of a certificate.
pub(super) struct Walk<'w> {
    /// Names the part, once there is something to tell.
    place: &'w dyn Fn() -> String,
    defects: &'w mut Vec<Defect>,
}

/// The head of an element.
struct Head {
    tag: u8,
    /// Octets of tag and length.
    length: usize,
    /// Octets of the content.
    content: usize,
    minimal: bool,
}

impl<'w> Walk<'w> {
    pub(super) const fn new(place: &'w dyn Fn() -> String, defects: &'w mut Vec<Defect>) -> Self {
        Self { place, defects }
    }

    fn tell(&mut self, kind: DefectKind, words: &str) {
        // One of a kind and place is enough: the rest was mostly written by the same hand.
        let words = format!("{words} in {}", (self.place)());
        if self.defects.len() < MOST && self.defects.iter().all(|defect| defect.words != words) {
            self.defects.push(Defect { kind, words });
        }
    }

    /// Looks at tag and length of the first element only.
    pub(super) fn head(&mut self, bytes: &[u8]) {
        match head(bytes) {
            Some(head) if !head.minimal => self.tell(DefectKind::Length, LONG),
            _ => {}
        }
    }

    /// Looks at all elements and what they hold. Contents of OCTET STRINGs and BIT STRINGs are
    /// left alone.
    pub(super) fn over(&mut self, bytes: &[u8]) {
        // Where the elements that are open end.
        let mut open: Vec<usize> = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            while open.last().is_some_and(|end| *end <= at) {
                open.pop();
            }
            let end = open.last().copied().unwrap_or(bytes.len());
            let rest = bytes.get(at..end).unwrap_or_default();
            let Some(head) = head(rest) else {
                let words = if rest.get(1) == Some(&0x80) {
                    "an indefinite length"
                } else {
                    "data that is not DER"
                };
                self.tell(DefectKind::Length, words);
                return;
            };
            if !head.minimal {
                self.tell(DefectKind::Length, LONG);
            }
            let start = at + head.length;
            let constructed = head.tag & 0x20 != 0;
            if constructed && open.len() < DEEPEST {
                if head.tag == SET && head.content == 0 {
                    self.tell(DefectKind::Empty, "an empty SET");
                }
                open.push(start + head.content);
                at = start;
            } else {
                if constructed {
                    self.tell(DefectKind::Length, "elements nested without end");
                } else if let Some(content) = bytes.get(start..start + head.content) {
                    self.content(head.tag, content);
                }
                at = start + head.content;
            }
        }
    }

    fn content(&mut self, tag: u8, content: &[u8]) {
        match tag {
            BOOLEAN if !matches!(content, [0 | 0xff]) => {
                self.tell(DefectKind::Boolean, "a BOOLEAN that is neither 00 nor FF");
            }
            INTEGER | ENUMERATED => match content {
                [] => self.tell(DefectKind::Number, "an empty INTEGER"),
                [0, second, ..] if second & 0x80 == 0 => {
                    self.tell(DefectKind::Number, "an INTEGER with leading zeros");
                }
                [0xff, second, ..] if second & 0x80 != 0 => {
                    self.tell(DefectKind::Number, "an INTEGER with leading ones");
                }
                _ => {}
            },
            BIT_STRING => self.bits(content),
            NULL if !content.is_empty() => {
                self.tell(DefectKind::Structure, "a NULL that holds something");
            }
            OID => self.identifier(content),
            UTF8_STRING if std::str::from_utf8(content).is_err() => {
                self.tell(DefectKind::Text, "a UTF8String that is not UTF-8");
            }
            PRINTABLE_STRING => {
                if let Some(wrong) = content.iter().find(|byte| !is_printable(**byte)) {
                    let words = match wrong {
                        0x21..=0x7e => {
                            let wrong = char::from(*wrong);
                            let wrong = if wrong == '`' { '\'' } else { wrong };
                            format!("a PrintableString with `{wrong}`")
                        }
                        _ => format!("a PrintableString with the byte {wrong:02x}"),
                    };
                    self.tell(DefectKind::Text, &words);
                }
            }
            IA5_STRING | VISIBLE_STRING if !content.is_ascii() => {
                self.tell(DefectKind::Text, "an IA5String that is not ASCII");
            }
            NUMERIC_STRING
                if !content.iter().all(|byte| byte.is_ascii_digit() || *byte == b' ') =>
            {
                self.tell(DefectKind::Text, "a NumericString that is not digits");
            }
            BMP_STRING if !content.len().is_multiple_of(2) => {
                self.tell(DefectKind::Text, "a BMPString of an odd length");
            }
            // SEQUENCE and SET are always constructed.
            0x10 | 0x11 => self.tell(DefectKind::Structure, "a SEQUENCE that is not constructed"),
            _ => {}
        }
    }

    pub(super) fn bits(&mut self, content: &[u8]) {
        let sound = match content {
            [0] | [0, ..] => true,
            [unused @ 1..=7, .., last] => last.trailing_zeros() >= u32::from(*unused),
            _ => false,
        };
        if !sound {
            self.tell(DefectKind::BitString, "a BIT STRING with wrong unused bits");
        }
    }

    fn identifier(&mut self, content: &[u8]) {
        let ends = content.last().is_some_and(|byte| byte & 0x80 == 0);
        let padded = content.first() == Some(&0x80)
            || content.windows(2).any(|pair| matches!(pair, [before, 0x80] if before & 0x80 == 0));
        if !ends || padded {
            self.tell(DefectKind::Number, "an OBJECT IDENTIFIER that is not one");
        }
    }
}

const LONG: &str = "a length longer than it need be";

/// The characters of PrintableString (X.680 §41.4).
fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b' ' | b'\'' | b'(' | b')' | b'+' | b',' | b'-' | b'.' | b'/' | b':' | b'=' | b'?'
        )
}

/// Reads a head whose content lies in `bytes`.
fn head(bytes: &[u8]) -> Option<Head> {
    let (&tag, after) = bytes.split_first()?;
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (&first, after) = after.split_first()?;
    if first < 0x80 {
        let content = usize::from(first);
        return (after.len() >= content).then_some(Head { tag, length: 2, content, minimal: true });
    }
    let count = usize::from(first & 0x7f);
    if count == 0 || count > 4 {
        return None;
    }
    let digits = after.get(..count)?;
    let content = digits.iter().fold(0_u64, |sum, &digit| (sum << 8) | u64::from(digit));
    let minimal = digits.first() != Some(&0) && content >= 0x80;
    let content = usize::try_from(content).ok()?;
    (after.len() - count >= content).then_some(Head { tag, length: 2 + count, content, minimal })
}
