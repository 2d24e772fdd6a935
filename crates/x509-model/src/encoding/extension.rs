//! What RFC 5280 §4.2 says of how single extensions are written.

use super::constraints;
use super::walk::Walk;
use super::{DefectKind, Encoding, is_negative};
use crate::der::{self, BIT_STRING, INTEGER, Reader, SEQUENCE};
use crate::outline::{BOOLEAN, Entry};
use crate::parse::extension_name;

/// The last octet of identifiers below id-ce (2.5.29) whose value is `SEQUENCE SIZE (1..MAX) OF`,
/// or may not be empty for another reason.
const NEVER_EMPTY: [u8; 9] = [9, 17, 18, 31, 32, 33, 36, 37, 46];
/// Likewise below id-pe (1.3.6.1.5.5.7.1): authorityInfoAccess and subjectInfoAccess.
const NEVER_EMPTY_ACCESS: [u8; 2] = [1, 11];

/// Which extension it is, as far as its form is known here.
enum Known {
    /// Below id-ce, with the last octet of the identifier.
    Basic(u8),
    /// Below id-pe.
    Access(u8),
    /// Its value need not be DER.
    Other,
}

impl Known {
    const fn of(oid: &[u8]) -> Self {
        match oid {
            [0x55, 0x1d, last @ (9 | 14..=19 | 30..=37 | 46 | 54)] => Self::Basic(*last),
            [0x2b, 6, 1, 5, 5, 7, 1, last @ (1 | 11 | 24)] => Self::Access(*last),
            _ => Self::Other,
        }
    }
}

impl Encoding {
    /// Looks at one extension.
    pub(super) fn extension(&mut self, entry: &Entry<'_>) {
        Walk::new(&|| name(entry), &mut self.defects).over(entry.raw);
        if entry.critical.is_some_and(|critical| critical.iter().all(|byte| *byte == 0)) {
            let words = format!("`critical` written out as FALSE in {}", name(entry));
            self.defect(DefectKind::Default, words);
        }
        if !entry.more.is_empty() {
            self.defect(DefectKind::Trailing, format!("further data in {}", name(entry)));
        }
        let known = Known::of(entry.oid);
        let filled = match known {
            Known::Basic(last) => NEVER_EMPTY.contains(&last),
            Known::Access(last) => NEVER_EMPTY_ACCESS.contains(&last),
            Known::Other => return,
        };
        Walk::new(&|| name(entry), &mut self.defects).over(entry.value);
        let mut value = Reader::new(entry.value);
        if value.next().is_some() && !value.rest().is_empty() {
            self.defect(DefectKind::Trailing, format!("further data behind {}", name(entry)));
        }
        if filled && Reader::new(entry.value).take(SEQUENCE).is_some_and(<[u8]>::is_empty) {
            self.defect(DefectKind::Empty, format!("an empty {}", name(entry)));
        }
        match known {
            Known::Basic(15) => self.key_usage(entry.value),
            Known::Basic(19) => self.basic_constraints(entry.value),
            Known::Basic(17 | 18) => self.names(&name(entry), entry.value),
            Known::Basic(30) => constraints::examine(entry.value, &mut self.constraints),
            _ => {}
        }
    }

    /// A `BIT STRING` with named bits, whose trailing zeros are left out (X.690 §11.2.2).
    fn key_usage(&mut self, value: &[u8]) {
        let Some((&unused, octets)) =
            Reader::new(value).take(BIT_STRING).and_then(<[u8]>::split_first)
        else {
            return;
        };
        match octets.last() {
            None => self.defect(DefectKind::KeyUsage, "a keyUsage without any bit"),
            Some(0) => {
                self.defect(DefectKind::KeyUsage, "octets without a bit at the end of keyUsage");
            }
            Some(last) if last.trailing_zeros() != u32::from(unused) => {
                self.defect(DefectKind::KeyUsage, "trailing zero bits in keyUsage");
            }
            Some(_) => {}
        }
        if octets.len() > 2 || matches!(octets, [_, second] if second & 0x7f != 0) {
            self.defect(DefectKind::KeyUsage, "more than the nine bits of keyUsage");
        }
    }

    fn basic_constraints(&mut self, value: &[u8]) {
        let Some(mut fields) = Reader::within(value, SEQUENCE) else { return };
        if fields.take(BOOLEAN).is_some_and(|ca| ca.iter().all(|byte| *byte == 0)) {
            let words = "`cA` written out as FALSE in basicConstraints";
            self.defect(DefectKind::Default, words);
        }
        if let Some(path_len) = fields.take(INTEGER) {
            self.has_path_len = true;
            self.path_len_negative = is_negative(path_len);
        }
        if !fields.rest().is_empty() {
            self.defect(DefectKind::Trailing, "further data in basicConstraints");
        }
    }

    /// `GeneralNames` (RFC 5280 §4.2.1.6).
    fn names(&mut self, name: &str, value: &[u8]) {
        let mut names = Reader::new(Reader::new(value).take(SEQUENCE).unwrap_or_default());
        while let Some(element) = names.next() {
            let form = match element.tag {
                0x81 => "rfc822Name",
                0x82 => "dNSName",
                0x86 => "uniformResourceIdentifier",
                0x87 => {
                    if !matches!(element.value.len(), 4 | 16) {
                        let length = element.value.len();
                        let words = format!("an iPAddress of {length} bytes in {name}");
                        self.once(DefectKind::Address, words);
                    }
                    continue;
                }
                0x88 | 0xa0 | 0xa3..=0xa5 => continue,
                other => {
                    let words = format!("a name of the unknown kind {other:02x} in {name}");
                    self.once(DefectKind::Structure, words);
                    continue;
                }
            };
            if !element.value.is_ascii() {
                let words = format!("a {form} that is not ASCII in {name}");
                self.once(DefectKind::Text, words);
            }
        }
    }

    fn once(&mut self, kind: DefectKind, words: String) {
        if self.defects.iter().all(|defect| defect.words != words) {
            self.defect(kind, words);
        }
    }
}

/// The name of an extension.
fn name(entry: &Entry<'_>) -> String {
    let oid = der::oid_text(entry.oid);
    extension_name(&oid).to_owned()
}
