//! Sets of bytes that tokens are made of, as tables built at compile time.

/// A set of bytes.
#[derive(Debug)]
pub(crate) struct Set([bool; 256]);

impl Set {
    /// The set a specification names: single characters and `a-z` ranges; a `-` that ends the
    /// specification stands for itself.
    pub(crate) const fn of(spec: &str) -> Self {
        let spec = spec.as_bytes();
        let mut table = [false; 256];
        let mut at = 0;
        while at < spec.len() {
            let first = spec[at];
            let mut last = first;
            if at + 2 < spec.len() && spec[at + 1] == b'-' {
                last = spec[at + 2];
                at += 2;
            }
            let mut byte = first as usize;
            while byte <= last as usize {
                table[byte] = true;
                byte += 1;
            }
            at += 1;
        }
        Self(table)
    }

    /// Every byte that is not in the list.
    pub(crate) const fn without(list: &[u8]) -> Self {
        let mut table = [true; 256];
        let mut at = 0;
        while at < list.len() {
            table[list[at] as usize] = false;
            at += 1;
        }
        Self(table)
    }

    /// Whether `byte` is in the set.
    pub(crate) fn has(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte)).copied().unwrap_or(false)
    }

    /// How many of the leading bytes are in the set, counting no further than `most`.
    pub(crate) fn run(&self, bytes: &[u8], most: usize) -> usize {
        bytes.iter().take(most).take_while(|&&byte| self.has(byte)).count()
    }

    /// How many of the trailing bytes are in the set, counting no further than `most`.
    pub(crate) fn run_back(&self, bytes: &[u8], most: usize) -> usize {
        bytes.iter().rev().take(most).take_while(|&&byte| self.has(byte)).count()
    }
}

/// ASCII letters and digits.
pub(crate) static ALNUM: Set = Set::of("a-zA-Z0-9");
/// Upper-case letters and digits.
pub(crate) static UPPER_ALNUM: Set = Set::of("A-Z0-9");
/// What lower-case UUIDs are made of.
pub(crate) static UUID: Set = Set::of("0-9a-f-");
/// Hexadecimal digits of either case.
pub(crate) static HEX: Set = Set::of("0-9a-fA-F");
/// The RFC 4648 base64 alphabet with padding.
pub(crate) static BASE64: Set = Set::of("a-zA-Z0-9+/=");
/// The base64 alphabet without padding.
pub(crate) static BASE64_BODY: Set = Set::of("a-zA-Z0-9+/");
/// The URL-safe base64 alphabet without padding.
pub(crate) static URL64: Set = Set::of("a-zA-Z0-9_-");
/// URL-safe base64 with padding.
pub(crate) static URL64_PADDED: Set = Set::of("a-zA-Z0-9_=-");
/// Letters, digits and `_`.
pub(crate) static WORD: Set = Set::of("a-zA-Z0-9_");
/// Lower-case letters and digits.
pub(crate) static LOWER_ALNUM: Set = Set::of("a-z0-9");
/// Base64 with padding inside a word.
pub(crate) static BASE64_ID: Set = Set::of("a-zA-Z0-9=");
/// What names of keys and variables are made of.
pub(crate) static NAME: Set = Set::of("a-zA-Z0-9_.-");

#[cfg(test)]
mod tests {
    use super::{Set, URL64};

    #[test]
    fn a_specification_makes_ranges_and_single_characters() {
        let set = Set::of("a-c_9-");
        let inside: String = (0u8..128).filter(|&b| set.has(b)).map(char::from).collect();
        assert_eq!(inside, "-9_abc");
    }

    #[test]
    fn runs_stop_at_the_bound_and_at_a_foreign_byte() {
        assert_eq!(URL64.run(b"ab-_.c", 10), 4);
        assert_eq!(URL64.run(b"ab-_.c", 2), 2);
        assert_eq!(URL64.run_back(b"ab.cd-", 10), 3);
    }
}
