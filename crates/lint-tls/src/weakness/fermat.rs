//! Fermat's method: a number is the product of two close numbers where a square a little above it
//! lies a square away from it.

use num_bigint::BigUint;

use super::residues::Residues;

/// Rounds that the Baseline Requirements (§6.1.1.3) ask CAs for.
const ROUNDS: u32 = 100;
/// Longest prime of the sieve; its residues fit the bits of a word.
const LARGEST: u32 = 47;
/// The product of the primes up to [`LARGEST`].
const PRODUCT: u64 = 614_889_782_588_491_410;

/// Whether [`ROUNDS`] rounds find the primes. `root` is the square root, rounded down.
pub(super) fn finds_primes(number: &BigUint, root: &BigUint, residues: &Residues) -> bool {
    let start = if root * root < *number { root + 1_u8 } else { root.clone() };
    let start_rest = u64::try_from(&start % PRODUCT).unwrap_or_default();
    let sieve: Vec<Sieve> = residues
        .iter()
        .skip(1)
        .take_while(|(prime, _)| *prime <= LARGEST)
        .map(|(prime, residue)| Sieve::new(prime, residue, start_rest))
        .collect();
    (0..ROUNDS).any(|round| {
        if !sieve.iter().all(|sieve| sieve.may_be_square(round)) {
            return false;
        }
        let above = &start + round;
        let difference = &above * &above - number;
        let root = difference.sqrt();
        // A number is one times itself as well; that is no discovery.
        &root * &root == difference && &above - &root > BigUint::from(1_u8)
    })
}

/// One small prime of the sieve.
struct Sieve {
    prime: u32,
    /// The number and where the rounds start, modulo the prime.
    number: u32,
    start: u32,
    /// Bit `i` says whether `i` is a square modulo the prime.
    squares: u64,
}

impl Sieve {
    fn new(prime: u32, number: u32, start: u64) -> Self {
        let squares = (0..prime).fold(0, |squares, root| squares | 1 << (root * root % prime));
        let start = u32::try_from(start % u64::from(prime)).unwrap_or_default();
        Self { prime, number, start, squares }
    }

    /// Whether the difference in a round may be a square, as far as this prime tells.
    const fn may_be_square(&self, round: u32) -> bool {
        let above = (self.start + round) % self.prime;
        let difference = (above * above + self.prime - self.number) % self.prime;
        self.squares >> difference & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::{LARGEST, PRODUCT, ROUNDS, finds_primes};
    use crate::weakness::residues::Residues;

    fn found(number: &BigUint) -> bool {
        finds_primes(number, &number.sqrt(), &Residues::of(number))
    }

    #[test]
    fn the_product_is_that_of_the_sieve() {
        let residues = Residues::of(&BigUint::from(1_u8));
        let primes = residues.iter().map(|(prime, _)| u64::from(prime));
        let product: u64 = primes.take_while(|prime| *prime <= u64::from(LARGEST)).product();
        assert_eq!(product, PRODUCT);
    }

    #[test]
    fn close_factors_are_found_within_the_rounds() {
        let p = (BigUint::from(1_u8) << 1_023_u32) + 1_155_u32;
        for difference in [0_u32, 2, 1_000, u32::MAX - 1] {
            assert!(found(&(&p * (&p + difference))), "{difference}");
        }
        // The primes' middle is about d²/8√n above the root, one round each.
        let far = |rounds: u32| {
            let square = BigUint::from(8 * rounds) << 1_023_u32;
            let mut difference = square.sqrt();
            if difference.bit(0) {
                difference += 1_u8;
            }
            &p * (&p + difference)
        };
        assert!(found(&far(ROUNDS - 5)));
        assert!(!found(&far(ROUNDS + 5)));
    }

    #[test]
    fn the_sieve_loses_nothing() {
        for small in [9_u32, 15, 21, 35, 1_001, 10_403, 1_022_117] {
            let number = BigUint::from(small);
            let plain = (0..ROUNDS).any(|round| {
                let above = f64::from(small).sqrt().ceil() + f64::from(round);
                let difference = above.mul_add(above, -f64::from(small));
                difference.sqrt().fract() == 0.0 && above - difference.sqrt() > 1.0
            });
            assert_eq!(found(&number), plain, "{small}");
        }
    }
}
