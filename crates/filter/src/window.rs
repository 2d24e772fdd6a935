//! The part of a literal that is looked for first.

use crate::Literal;

/// The most bytes of a window.
pub(crate) const WIDTH: usize = 4;

/// Bytes as they are found in source text, in 100,000: measured over Rust, C, Python and
/// JavaScript, with their documents and manifests. Every other byte counts as [`RARE`].
#[rustfmt::skip]
const COMMON: [u16; 128] = [
    1, 1, 1, 1, 1, 1, 1, 1, 1, 74, 2509, 1, 1, 2, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    19345, 96, 719, 351, 28, 11, 169, 371, 1125, 1126, 413, 43, 1283, 390, 784, 1128,
    685, 543, 495, 354, 240, 263, 225, 145, 237, 217, 1512, 501, 455, 581, 560, 43,
    15, 610, 217, 554, 364, 833, 329, 187, 119, 609, 29, 139, 514, 302, 602, 575,
    487, 29, 584, 1010, 691, 219, 165, 66, 178, 87, 23, 242, 115, 241, 7, 2941,
    228, 3150, 897, 2187, 1899, 6267, 1408, 814, 1174, 3248, 111, 517, 2204, 1260, 3254, 2939,
    1727, 103, 3261, 3634, 4578, 1820, 488, 398, 494, 694, 142, 279, 84, 279, 8, 1,
];
const RARE: u16 = 3;

/// How often a byte is met, in 100,000.
pub(crate) fn frequency(byte: u8) -> f32 {
    f32::from(COMMON.get(usize::from(byte)).copied().unwrap_or(RARE))
}

/// How often either case of the byte is met, if letters match in either case.
fn chance(byte: u8, fold: bool) -> f32 {
    let other = other_case(byte).filter(|_| fold);
    (frequency(byte) + other.map_or(0.0, frequency)) / WHOLE
}

/// What all frequencies add up to.
pub(crate) const WHOLE: f32 = 100_000.0;
/// Other windows of a literal than the rarest are considered too, but not more than so many.
pub(crate) const CHOICES: usize = 4;

/// A few bytes of a literal; a literal shorter than [`WIDTH`] is its own window.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    /// The bytes, padded with zeros; in lower case if letters match in either case.
    pub(crate) bytes: [u8; WIDTH],
    /// How many of them count: 0 for an empty literal.
    pub(crate) width: usize,
    /// Where it starts in the literal.
    pub(crate) offset: usize,
    /// Whether ASCII letters match in either case.
    pub(crate) fold: bool,
    /// The share of positions in source text where it stands, if bytes came independently.
    pub(crate) chance: f32,
}

impl Window {
    /// The rarest windows of the literal from which its key can be read, the rarest first, and the
    /// first of equals; behind them, windows that have no width. None for an empty literal.
    pub(crate) fn choices(literal: &Literal<'_>) -> [Self; CHOICES] {
        let width = literal.bytes.len().min(WIDTH);
        let fold = literal.fold;
        let last = literal.bytes.len() - key_width(literal.bytes.len());
        let windows = literal.bytes.windows(width.max(1)).take(last + 1).enumerate();
        let mut choices = [Self::default(); CHOICES];
        for (offset, slice) in windows {
            let mut bytes = [0; WIDTH];
            bytes.iter_mut().zip(slice).for_each(|(to, from)| *to = *from);
            if fold {
                bytes.make_ascii_lowercase();
            }
            let chance = slice.iter().map(|&byte| chance(byte, fold)).product();
            let mut window = Self { bytes, width, offset, fold, chance };
            for choice in &mut choices {
                if choice.width == 0 || window.chance < choice.chance {
                    std::mem::swap(choice, &mut window);
                }
            }
        }
        choices
    }

    /// The bytes that may stand at a place of the window, twice the same if it is one; none if any
    /// may.
    pub(crate) fn allowed(&self, place: usize) -> Option<[u8; 2]> {
        let byte = self.bytes.get(place).copied().filter(|_| place < self.width)?;
        let other = other_case(byte).filter(|_| self.fold);
        Some([byte, other.unwrap_or(byte)])
    }
}

/// How many bytes from the start of its window on a literal of this length is looked up by.
pub(crate) fn key_width(length: usize) -> usize {
    match length {
        0..=3 => length,
        4..=6 => 4,
        _ => 6,
    }
}

/// The bits that a key of so many bytes has in a little-endian word.
pub(crate) fn key_mask(width: usize) -> u64 {
    (0..width.min(8)).fold(0, |mask, _| mask << 8 | 0xff)
}

/// The key of the first bytes of a little-endian word. Letters count in lower case, and some other
/// bytes fall together too: a key is a hint, the comparison of the literal decides.
///
/// Keys of different widths are different, for each byte of a key has the bit of lower case.
#[inline(always)]
pub(crate) fn key(word: u64, mask: u64) -> u64 {
    (word | 0x2020_2020_2020_2020) & mask
}

fn other_case(byte: u8) -> Option<u8> {
    byte.is_ascii_alphabetic().then_some(byte ^ 0x20)
}

#[cfg(test)]
mod tests {
    use super::{Window, key_mask};
    use crate::Literal;

    fn window(bytes: &[u8], fold: bool) -> Window {
        Window::choices(&Literal { bytes, fold }).into_iter().next().unwrap_or_default()
    }

    #[test]
    fn the_rarest_window_comes_first() {
        let rarest = window(b"see zqxjee", false);
        assert_eq!((rarest.bytes, rarest.offset), (*b"zqxj", 4));
        // Six bytes must be left for the key.
        assert_eq!(window(b"see zqxj", false).offset, 2);
        assert_eq!(window(b"ABCD", true).bytes, *b"abcd");
        let short = window(b"ab", false);
        assert_eq!((short.bytes, short.width, short.offset), (*b"ab\0\0", 2, 0));
        assert_eq!(window(b"", false).width, 0);
    }

    #[test]
    fn cases_fall_together_and_widths_do_not() {
        let key = |bytes, width| super::key(u64::from_le_bytes(bytes), key_mask(width));
        assert_eq!(key(*b"aB_9xyZ.", 4), key(*b"Ab_9....", 4));
        assert_eq!(key(*b"aB_9xyZ.", 3), key(*b"aB_\xff....", 3));
        assert_ne!(key(*b"aB_9xyZ.", 3), key(*b"aB_\0....", 4));
        assert_eq!(key(*b"aB_9xyZ.", 0), 0);
    }

    #[test]
    fn allowed_bytes_are_one_or_two() {
        let folded = window(b"a-", true);
        assert_eq!(folded.allowed(0), Some(*b"aA"));
        assert_eq!(folded.allowed(1), Some(*b"--"));
        assert_eq!(folded.allowed(2), None);
    }
}
