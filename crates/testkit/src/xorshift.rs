/// A small pseudo-random generator (xorshift64*) with a fixed seed, so that a failure can be
/// repeated.
#[derive(Clone, Debug)]
pub struct Xorshift(u64);

impl Xorshift {
    /// A generator; a seed of zero would stand still and is replaced.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(if seed == 0 { 0x9e37_79b9_7f4a_7c15 } else { seed })
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `bound`; 0 if the bound is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { (self.number() % bound as u64) as usize }
    }
}

/// Damages bytes in one to eight places: flips, insertions, deletions, repetitions, splices of
/// characters that parsers care about, truncation.
pub fn mutate(random: &mut Xorshift, bytes: &mut Vec<u8>) {
    const SPICE: &[&[u8]] = &[
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\r\n",
        b"\t",
        b"'",
        b"\"",
        b"{{",
        b"}}",
        b"[[[[",
        b"&a ",
        b"*a",
        b"<<: ",
        b"---\n",
        b": ",
        b"- ",
        b"|\n",
        b"\\\n",
        b"<<EOF\n",
        b"${",
        b"$(",
        b"-----BEGIN ",
        b"-----END ",
        b"=",
        b"\xf0\x9f\x9a\xa2",
        b"\x1b[31m",
        b"# careen: ignore[",
    ];
    for _ in 0..=random.below(8) {
        let at = random.below(bytes.len() + 1);
        match random.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => bytes.insert(at, random.number() as u8),
            2 if at < bytes.len() => {
                bytes.remove(at);
            }
            3 => {
                let piece = SPICE[random.below(SPICE.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            4 => {
                let end = (at + random.below(64)).min(bytes.len());
                let piece: Vec<u8> = bytes[at..end].to_vec();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            5 => {
                let end = (at + random.below(32)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ if random.below(16) == 0 => bytes.truncate(at),
            _ => {}
        }
    }
}
