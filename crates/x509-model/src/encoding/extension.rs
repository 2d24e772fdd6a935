//! What RFC 5280 §4.2 says of how single extensions are written.

use super::constraints;
use super::walk::Walk;
use super::{DefectKind, Encoding, is_negative};
use crate::der::{self, BIT_STRING, INTEGER, Reader, SEQUENCE};
use crate::outline::{BOOLEAN, Entry};
use crate::parse::extension_name;

/// Extensions whose value is `SEQUENCE SIZE (1..MAX) OF`, or may not be empty for another reason.
const NEVER_EMPTY: &[&str] = &[
    "2.5.29.9",
    "2.5.29.17",
    "2.5.29.18",
    "2.5.29.31",
    "2.5.29.32",
    "2.5.29.33",
    "2.5.29.36",
    "2.5.29.37",
    "2.5.29.46",
    "1.3.6.1.5.5.7.1.1",
    "1.3.6.1.5.5.7.1.11",
];

impl Encoding {
    /// Looks at one extension.
    pub(super) fn extension(&mut self, entry: &Entry<'_>) {
        let oid = der::oid_text(entry.oid);
        let name = extension_name(&oid);
        Walk::new(name, &mut self.defects).over(entry.raw);
        if entry.critical.is_some_and(|critical| critical.iter().all(|byte| *byte == 0)) {
            let words = format!("`critical` written out as FALSE in {name}");
            self.defect(DefectKind::Default, words);
        }
        if !entry.more.is_empty() {
            self.defect(DefectKind::Trailing, format!("further data in {name}"));
        }
        // Extensions that are not known here need not be DER.
        if name != oid && oid != "1.3.6.1.4.1.11129.2.4.2" {
            Walk::new(name, &mut self.defects).over(entry.value);
            let mut value = Reader::new(entry.value);
            if value.next().is_some() && !value.rest().is_empty() {
                self.defect(DefectKind::Trailing, format!("further data behind {name}"));
            }
        }
        if NEVER_EMPTY.contains(&oid.as_str())
            && Reader::new(entry.value).take(SEQUENCE).is_some_and(<[u8]>::is_empty)
        {
            self.defect(DefectKind::Empty, format!("an empty {name}"));
        }
        match oid.as_str() {
            "2.5.29.15" => self.key_usage(entry.value),
            "2.5.29.19" => self.basic_constraints(entry.value),
            "2.5.29.17" | "2.5.29.18" => self.names(name, entry.value),
            "2.5.29.30" => constraints::examine(entry.value, &mut self.constraints),
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
                    let words = format!("a name of the unknown kind {:02x} in {name}", other);
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
