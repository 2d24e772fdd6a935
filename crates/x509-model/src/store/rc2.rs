//! RC2 (RFC 2268), decryption only: the cipher that PKCS#12 stores had for their certificates up
//! to OpenSSL 1.1 and Java 8.

/// The permutation of RFC 2268 §2, made of the digits of π.
const PI: [u8; 256] = [
    217, 120, 249, 196, 25, 221, 181, 237, 40, 233, 253, 121, 74, 160, 216, 157, 198, 126, 55, 131,
    43, 118, 83, 142, 98, 76, 100, 136, 68, 139, 251, 162, 23, 154, 89, 245, 135, 179, 79, 19, 97,
    69, 109, 141, 9, 129, 125, 50, 189, 143, 64, 235, 134, 183, 123, 11, 240, 149, 33, 34, 92, 107,
    78, 130, 84, 214, 101, 147, 206, 96, 178, 28, 115, 86, 192, 20, 167, 140, 241, 220, 18, 117,
    202, 31, 59, 190, 228, 209, 66, 61, 212, 48, 163, 60, 182, 38, 111, 191, 14, 218, 70, 105, 7,
    87, 39, 242, 29, 155, 188, 148, 67, 3, 248, 17, 199, 246, 144, 239, 62, 231, 6, 195, 213, 47,
    200, 102, 30, 215, 8, 232, 234, 222, 128, 82, 238, 247, 132, 170, 114, 172, 53, 77, 106, 42,
    150, 26, 210, 113, 90, 21, 73, 116, 75, 159, 208, 94, 4, 24, 164, 236, 194, 224, 65, 110, 15,
    81, 203, 204, 36, 145, 175, 80, 161, 244, 112, 57, 153, 124, 58, 133, 35, 184, 180, 122, 252,
    2, 54, 91, 37, 85, 151, 49, 45, 93, 250, 152, 227, 138, 146, 174, 5, 223, 41, 16, 103, 108,
    186, 201, 211, 0, 230, 207, 225, 158, 168, 44, 99, 22, 1, 63, 88, 226, 137, 169, 13, 56, 52,
    27, 171, 51, 255, 176, 187, 72, 12, 95, 185, 177, 205, 46, 197, 243, 219, 71, 229, 165, 156,
    119, 10, 166, 32, 104, 254, 127, 193, 173,
];

fn pi(at: u8) -> u8 {
    PI.get(usize::from(at)).copied().unwrap_or_default()
}

/// An expanded key.
pub(super) struct Rc2 {
    words: [u16; 64],
}

impl Rc2 {
    /// Expands a key of 1 to 128 bytes whose every bit counts (RFC 2268 §2).
    pub(super) fn new(key: &[u8]) -> Option<Self> {
        if key.is_empty() || key.len() > 128 {
            return None;
        }
        let mut bytes = key.to_vec();
        while let (Some(&last), Some(&back)) = (bytes.last(), bytes.get(bytes.len() - key.len())) {
            if bytes.len() >= 128 {
                break;
            }
            bytes.push(pi(last.wrapping_add(back)));
        }
        // Counted from the end: the byte at 128 - T8, and those before it.
        bytes.reverse();
        let at = key.len() - 1;
        let mut above = pi(bytes.get(at).copied()?);
        *bytes.get_mut(at)? = above;
        for at in key.len()..128 {
            above = pi(above ^ bytes.get(at - key.len()).copied()?);
            *bytes.get_mut(at)? = above;
        }
        bytes.reverse();
        let mut words = [0; 64];
        for (word, pair) in words.iter_mut().zip(bytes.as_chunks::<2>().0) {
            *word = u16::from_le_bytes(*pair);
        }
        Some(Self { words })
    }

    fn word(&self, at: u16) -> u16 {
        self.words.get(usize::from(at & 63)).copied().unwrap_or_default()
    }

    /// Decrypts one block (RFC 2268 §4).
    pub(super) fn decrypt(&self, block: [u8; 8]) -> [u8; 8] {
        let [b0, b1, b2, b3, b4, b5, b6, b7] = block;
        let mut r = [[b0, b1], [b2, b3], [b4, b5], [b6, b7]].map(u16::from_le_bytes);
        for round in (0..16_u16).rev() {
            self.unmix(&mut r, round * 4);
            if round == 11 || round == 5 {
                self.unmash(&mut r);
            }
        }
        let [[b0, b1], [b2, b3], [b4, b5], [b6, b7]] = r.map(u16::to_le_bytes);
        [b0, b1, b2, b3, b4, b5, b6, b7]
    }

    fn unmix(&self, [r0, r1, r2, r3]: &mut [u16; 4], first: u16) {
        let undo = |word: u16, turn: u32, key: u16, one: u16, two: u16, three: u16| {
            word.rotate_right(turn)
                .wrapping_sub(self.word(key))
                .wrapping_sub(one & two)
                .wrapping_sub(!one & three)
        };
        *r3 = undo(*r3, 5, first + 3, *r2, *r1, *r0);
        *r2 = undo(*r2, 3, first + 2, *r1, *r0, *r3);
        *r1 = undo(*r1, 2, first + 1, *r0, *r3, *r2);
        *r0 = undo(*r0, 1, first, *r3, *r2, *r1);
    }

    fn unmash(&self, [r0, r1, r2, r3]: &mut [u16; 4]) {
        *r3 = r3.wrapping_sub(self.word(*r2));
        *r2 = r2.wrapping_sub(self.word(*r1));
        *r1 = r1.wrapping_sub(self.word(*r0));
        *r0 = r0.wrapping_sub(self.word(*r3));
    }
}

#[cfg(test)]
mod tests {
    use super::Rc2;

    #[test]
    fn the_standards_example_holds() {
        // RFC 2268 §5, 64 and 128 effective bits.
        let rc2 = Rc2::new(&[0xff; 8]).unwrap();
        assert_eq!(rc2.decrypt([0x27, 0x8b, 0x27, 0xe4, 0x2e, 0x2f, 0x0d, 0x49]), [0xff; 8]);
        let key = [
            0x88, 0xbc, 0xa9, 0x0e, 0x90, 0x87, 0x5a, 0x7f, 0x0f, 0x79, 0xc3, 0x84, 0x62, 0x7b,
            0xaf, 0xb2,
        ];
        let rc2 = Rc2::new(&key).unwrap();
        assert_eq!(rc2.decrypt([0x22, 0x69, 0x55, 0x2a, 0xb0, 0xf8, 0x5c, 0xa6]), [0; 8]);
        assert!(Rc2::new(&[]).is_none() && Rc2::new(&[0; 129]).is_none());
    }
}
