//! Triple DES (FIPS 46-3, EDE with three keys), decryption only: what PKCS#12 stores had for their
//! keys up to OpenSSL 1.1 and Java 8. Nothing here is hidden from timing: the passwords are known
//! to everybody.

use std::sync::LazyLock;

/// The S-boxes, four rows of sixteen each.
const BOXES: [[u8; 64]; 8] = [
    [
        14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12,
        11, 9, 5, 3, 8, 4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2, 4, 9,
        1, 7, 5, 11, 3, 14, 10, 0, 6, 13,
    ],
    [
        15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1,
        10, 6, 9, 11, 5, 0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1, 3, 15,
        4, 2, 11, 6, 7, 12, 0, 5, 14, 9,
    ],
    [
        10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5,
        14, 12, 11, 15, 1, 13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13, 0, 6,
        9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12,
    ],
    [
        7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2,
        12, 1, 10, 14, 9, 10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6, 10, 1,
        13, 8, 9, 4, 5, 11, 12, 7, 2, 14,
    ],
    [
        2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15,
        10, 3, 9, 8, 6, 4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7, 1, 14,
        2, 13, 6, 15, 0, 9, 10, 4, 5, 3,
    ],
    [
        12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13,
        14, 0, 11, 3, 8, 9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12, 9, 5,
        15, 10, 11, 14, 1, 7, 6, 0, 8, 13,
    ],
    [
        4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5,
        12, 2, 15, 8, 6, 1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8, 1, 4,
        10, 7, 9, 5, 0, 15, 14, 2, 3, 12,
    ],
    [
        13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6,
        11, 0, 14, 9, 2, 7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7, 4, 10,
        8, 13, 15, 12, 9, 0, 3, 5, 6, 11,
    ],
];
const ROUND_PERMUTATION: [u8; 32] = [
    16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19,
    13, 30, 6, 22, 11, 4, 25,
];
const KEY_CHOICE_1: [u8; 56] = [
    57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60,
    52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29,
    21, 13, 5, 28, 20, 12, 4,
];
const KEY_CHOICE_2: [u8; 48] = [
    14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52,
    31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];
const SHIFTS: [u32; 16] = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];
const INITIAL: [u8; 64] = [
    58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6,
    64, 56, 48, 40, 32, 24, 16, 8, 57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61,
    53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
];
const FINAL: [u8; 64] = [
    40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31, 38, 6, 46, 14, 54, 22, 62, 30,
    37, 5, 45, 13, 53, 21, 61, 29, 36, 4, 44, 12, 52, 20, 60, 28, 35, 3, 43, 11, 51, 19, 59, 27,
    34, 2, 42, 10, 50, 18, 58, 26, 33, 1, 41, 9, 49, 17, 57, 25,
];

/// Each S-box followed by the permutation of a round, by the six bits that go in.
static ROUND: LazyLock<[[u32; 64]; 8]> = LazyLock::new(|| {
    let mut table = [[0; 64]; 8];
    for (at, (row, values)) in table.iter_mut().zip(&BOXES).enumerate() {
        for (input, output) in row.iter_mut().enumerate() {
            let place = (input & 0x20) | ((input & 1) << 4) | ((input >> 1) & 0x0f);
            let value = u64::from(values.get(place).copied().unwrap_or_default());
            let permuted = permute(value << (28 - 4 * at), 32, &ROUND_PERMUTATION);
            *output = u32::try_from(permuted).unwrap_or_default();
        }
    }
    table
});

/// Takes bits out of the lowest `width` ones, which are counted from 1 at the top.
fn permute(bits: u64, width: u8, places: &[u8]) -> u64 {
    places.iter().fold(0, |out, &place| (out << 1) | ((bits >> (width - place)) & 1))
}

/// The sixteen keys of rounds, each of 48 bits.
struct Des([u64; 16]);

impl Des {
    fn new(key: [u8; 8]) -> Self {
        const HALF: u64 = (1 << 28) - 1;
        let chosen = permute(u64::from_be_bytes(key), 64, &KEY_CHOICE_1);
        let (mut left, mut right) = (chosen >> 28, chosen & HALF);
        let turn = |half: u64, by: u32| ((half << by) | (half >> (28 - by))) & HALF;
        Self(SHIFTS.map(|by| {
            (left, right) = (turn(left, by), turn(right, by));
            permute((left << 28) | right, 56, &KEY_CHOICE_2)
        }))
    }

    fn rounds(keys: impl Iterator<Item = u64>, block: u64) -> u64 {
        let block = permute(block, 64, &INITIAL);
        let (mut left, mut right) = ((block >> 32) as u32, (block & 0xffff_ffff) as u32);
        for key in keys {
            let turned = right.rotate_right(1);
            let mut mixed = 0;
            for (at, row) in (0_u32..).zip(ROUND.iter()) {
                // Six bits of the half, each group two bits over its neighbours.
                let group = u64::from(turned.rotate_left(4 * at) >> 26);
                let input = (group ^ (key >> (42 - 6 * at))) & 0x3f;
                mixed |= row.get(input as usize).copied().unwrap_or_default();
            }
            (left, right) = (right, left ^ mixed);
        }
        permute((u64::from(right) << 32) | u64::from(left), 64, &FINAL)
    }

    fn encrypt(&self, block: u64) -> u64 {
        Self::rounds(self.0.iter().copied(), block)
    }

    fn decrypt(&self, block: u64) -> u64 {
        Self::rounds(self.0.iter().rev().copied(), block)
    }
}

/// Triple DES with its three keys.
pub(super) struct TripleDes {
    keys: [Des; 3],
}

impl TripleDes {
    /// Takes 24 bytes.
    pub(super) fn new(key: &[u8]) -> Option<Self> {
        let (&[first, second, third], []) = key.as_chunks::<8>().0.split_first_chunk::<3>()? else {
            return None;
        };
        (key.len() == 24)
            .then(|| Self { keys: [Des::new(first), Des::new(second), Des::new(third)] })
    }

    /// Decrypts one block.
    pub(super) fn decrypt(&self, block: [u8; 8]) -> [u8; 8] {
        let [first, second, third] = &self.keys;
        let block = third.decrypt(u64::from_be_bytes(block));
        first.decrypt(second.encrypt(block)).to_be_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::{Des, TripleDes};

    #[test]
    fn known_answers_hold() {
        // The worked example of many a textbook, and NIST SP 800-20's variable plaintext 1.
        let des = Des::new([0x13, 0x34, 0x57, 0x79, 0x9b, 0xbc, 0xdf, 0xf1]);
        assert_eq!(des.encrypt(0x0123_4567_89ab_cdef), 0x85e8_1354_0f0a_b405);
        assert_eq!(des.decrypt(0x85e8_1354_0f0a_b405), 0x0123_4567_89ab_cdef);
        let weak = Des::new([1; 8]);
        assert_eq!(weak.encrypt(0x8000_0000_0000_0000), 0x95f8_a5e5_dd31_d900);
    }

    #[test]
    fn three_equal_keys_are_one() {
        let key = [0x13, 0x34, 0x57, 0x79, 0x9b, 0xbc, 0xdf, 0xf1];
        let triple = TripleDes::new(&key.repeat(3)).unwrap();
        let block = 0x85e8_1354_0f0a_b405_u64.to_be_bytes();
        assert_eq!(triple.decrypt(block), 0x0123_4567_89ab_cdef_u64.to_be_bytes());
        assert!(TripleDes::new(&key).is_none() && TripleDes::new(&[0; 25]).is_none());
    }
}
