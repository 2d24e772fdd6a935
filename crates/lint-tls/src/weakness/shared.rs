//! Factors that moduli have in common: each modulus is held against the product of all before it.
//!
//! Trees of products and remainders (Bernstein) take less arithmetic, but for the thousands of
//! keys that a repository may have they are slower than this: they divide longer numbers.

use num_bigint::BigUint;

use super::gcd::gcd;

/// Bits of all moduli together that are looked at: 2,048 keys of 2048 bits, in about two seconds.
/// What follows is left alone, since the time grows with the square.
const MOST_BITS: u64 = 1 << 22;
/// Moduli for which the product of all others is reduced at once.
const GROUP: usize = 16;
/// Bits from which on a part of that product is closed.
const PART: u64 = 1 << 19;
/// Most moduli whose partner is searched for.
const SEARCHED: usize = 16;

/// A modulus that has a factor in common with an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shared {
    /// Its position.
    pub(crate) at: usize,
    /// The position of the first one with a factor of it, where it was searched for.
    pub(crate) with: Option<usize>,
}

/// The moduli that have a factor in common with an earlier one. All must differ.
pub(crate) fn shared_factors(moduli: &[BigUint]) -> Vec<Shared> {
    let mut bits = 0;
    let few = moduli.iter().enumerate().take_while(|(_, modulus)| {
        bits += modulus.bits();
        bits <= MOST_BITS
    });
    // Zero has every factor, and one has none.
    let proper: Vec<_> = few.filter(|(_, modulus)| modulus.bits() > 1).collect();
    let mut found = Vec::new();
    let mut earlier = Product::default();
    for group in proper.chunks(GROUP) {
        let whole: BigUint = group.iter().map(|(_, modulus)| *modulus).product();
        let rest = earlier.modulo(&whole);
        let mut within = BigUint::from(1_u8);
        for &(at, modulus) in group {
            if !are_coprime(modulus, &((&rest % modulus) * (&within % modulus) % modulus)) {
                let searched = proper.iter().take_while(|(other, _)| *other < at);
                let mut searched = searched.filter(|_| found.len() < SEARCHED);
                let with = searched.find(|(_, other)| !are_coprime(modulus, other));
                found.push(Shared { at, with: with.map(|(other, _)| *other) });
            }
            within *= modulus;
        }
        earlier.multiply(&whole);
    }
    found
}

fn are_coprime(a: &BigUint, b: &BigUint) -> bool {
    gcd(a, b) == BigUint::from(1_u8)
}

/// A long product in parts.
#[derive(Default)]
struct Product(Vec<BigUint>);

impl Product {
    fn multiply(&mut self, factor: &BigUint) {
        match self.0.last_mut().filter(|part| part.bits() < PART) {
            Some(part) => *part *= factor,
            None => self.0.push(factor.clone()),
        }
    }

    fn modulo(&self, number: &BigUint) -> BigUint {
        self.0.iter().fold(BigUint::from(1_u8), |rest, part| rest * (part % number) % number)
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::{GROUP, Shared, gcd, shared_factors};

    /// Primes and numbers without factors in common: Mersenne's and Fermat's.
    fn power(exponent: u32) -> BigUint {
        BigUint::from(1_u8) << exponent
    }

    #[test]
    fn factors_in_common_are_found() {
        let primes: Vec<BigUint> =
            [127, 521, 607, 1_279].into_iter().map(|exponent| power(exponent) - 1_u8).collect();
        let sound = [power(256) + 1_u8, power(512) + 1_u8, power(1_024) + 1_u8];
        assert_eq!(shared_factors(&sound), []);
        let mut moduli = sound.to_vec();
        moduli.insert(1, &primes[0] * &primes[1]);
        moduli.push(&primes[2] * &primes[3]);
        assert_eq!(shared_factors(&moduli), []);
        moduli.push(&primes[1] * &primes[2]);
        assert_eq!(shared_factors(&moduli), [Shared { at: 5, with: Some(1) }]);
    }

    #[test]
    fn degenerate_moduli_do_no_harm() {
        let number = |number: u32| BigUint::from(number);
        assert_eq!(shared_factors(&[]), []);
        assert_eq!(shared_factors(&[number(0), number(1), number(15), number(77)]), []);
        let moduli = [number(0), number(6), number(1), number(9), number(18)];
        let found = |at, with| Shared { at, with: Some(with) };
        assert_eq!(shared_factors(&moduli), [found(3, 1), found(4, 1)]);
    }

    #[test]
    fn the_last_of_many_finds_its_partner_in_any_group() {
        // The next of 2·3^i + 1 that has no factor in common with those before it.
        let mut moduli: Vec<BigUint> = Vec::new();
        let mut product = BigUint::from(1_u8);
        for exponent in 40.. {
            let number = BigUint::from(3_u8).pow(exponent) * 2_u8 + 1_u8;
            if gcd(&product, &number) == BigUint::from(1_u8) {
                product *= &number;
                moduli.push(number);
            }
            if moduli.len() == 3 * GROUP + 1 {
                break;
            }
        }
        assert_eq!(shared_factors(&moduli), []);
        for with in [0, GROUP - 1, GROUP, 3 * GROUP] {
            let mut moduli = moduli.clone();
            moduli.push(&moduli[with] * (power(521) - 1_u8));
            assert_eq!(
                shared_factors(&moduli),
                [Shared { at: moduli.len() - 1, with: Some(with) }]
            );
        }
    }
}
