//! Small random numbers that are the same everywhere: a corpus is a function of its seed.

/// xorshift64*, good enough for choosing words.
pub(super) struct Rng(u64);

impl Rng {
    /// A generator; equal seeds give equal sequences.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `bound`, or 0 if that is 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = (bound as u64).max(1);
        usize::try_from((self.next() >> 16) % bound).unwrap_or(0)
    }

    /// One of the items; the empty string of none.
    pub(super) fn pick<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words.get(self.below(words.len())).copied().unwrap_or_default()
    }

    /// Whether an event of one in `bound` happens.
    pub(super) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::Rng;

    #[test]
    fn equal_seeds_give_equal_sequences_and_bounds_hold() {
        let (mut one, mut other) = (Rng::new(7), Rng::new(7));
        for _ in 0..1000 {
            let number = one.below(10);
            assert!(number < 10);
            assert_eq!(number, other.below(10));
        }
        let mut seen = [false; 10];
        for _ in 0..1000 {
            seen[one.below(10)] = true;
        }
        assert_eq!(seen, [true; 10]);
        assert_eq!(Rng::new(1).pick(&[]), "");
    }
}
