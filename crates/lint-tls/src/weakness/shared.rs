//! Factors that moduli have in common, found for all of them at once: each modulus against the
//! product of all others, by a tree of products and a tree of remainders (Bernstein).

use num_bigint::BigUint;

use super::division::remainder;
use super::gcd::gcd;

/// Bits of all moduli together that are looked at: 4,096 keys of 2048 bits. What follows is left
/// alone, since the time grows faster than the number of keys.
const MOST_BITS: u64 = 1 << 23;
/// Most moduli that are searched for the other holder of a factor.
const SEARCHED: usize = 64;

/// A modulus that has a factor in common with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shared {
    /// Its position.
    pub(crate) at: usize,
    /// The position of the first other one with a factor of it, where it was searched for.
    pub(crate) with: Option<usize>,
}

/// The moduli that have factors in common. All must differ; zeros are passed over.
pub(crate) fn shared_factors(moduli: &[BigUint]) -> Vec<Shared> {
    let mut bits = 0;
    let few = moduli.iter().take_while(|modulus| {
        bits += modulus.bits();
        bits <= MOST_BITS
    });
    let one = BigUint::from(1_u8);
    // A zero would swallow the product.
    let leaves: Vec<BigUint> = few
        .map(|modulus| if modulus.bits() == 0 { one.clone() } else { modulus.clone() })
        .collect();
    if leaves.len() < 2 {
        return Vec::new();
    }
    let others = remainders(leaves);
    let sharing = moduli.iter().zip(&others).enumerate().filter(|(_, (modulus, rest))| {
        // The remainder modulo the square is the modulus times the product of all others.
        modulus.bits() > 1 && gcd(modulus, &(*rest / *modulus)) > one
    });
    let sharing: Vec<(usize, &BigUint)> = sharing.map(|(at, (modulus, _))| (at, modulus)).collect();
    let partner = |at: usize, modulus: &BigUint| {
        let others = sharing.iter().take(SEARCHED).filter(|(other, _)| *other != at);
        let mut others = others.filter(|(_, other)| gcd(modulus, other) > one);
        others.next().map(|(other, _)| *other)
    };
    sharing
        .iter()
        .enumerate()
        .map(|(count, &(at, modulus))| {
            let with = if count < SEARCHED { partner(at, modulus) } else { None };
            Shared { at, with }
        })
        .collect()
}

/// The product of all numbers modulo the square of each.
fn remainders(leaves: Vec<BigUint>) -> Vec<BigUint> {
    let mut levels = vec![leaves];
    while let Some(last) = levels.last().filter(|last| last.len() > 1) {
        let pair = |pair: &[BigUint]| match pair {
            [first, second] => first * second,
            rest => rest.iter().product(),
        };
        let above = last.chunks(2).map(pair).collect();
        levels.push(above);
    }
    let mut values = levels.pop().unwrap_or_default();
    while let Some(level) = levels.pop() {
        let below = level.iter().enumerate().map(|(at, number)| {
            values.get(at / 2).map(|value| remainder(value, &(number * number))).unwrap_or_default()
        });
        values = below.collect();
    }
    values
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::{Shared, shared_factors};

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
        let found = |at, with| Shared { at, with: Some(with) };
        assert_eq!(shared_factors(&moduli), [found(1, 5), found(4, 5), found(5, 1)]);
    }

    #[test]
    fn degenerate_moduli_do_no_harm() {
        let number = |number: u32| BigUint::from(number);
        assert_eq!(shared_factors(&[]), []);
        assert_eq!(shared_factors(&[number(0), number(1), number(15), number(77)]), []);
        let found = |at, with| Shared { at, with: Some(with) };
        assert_eq!(shared_factors(&[number(0), number(6), number(9)]), [found(1, 2), found(2, 1)]);
    }

    #[test]
    fn many_moduli_are_no_trouble() {
        // p² + x is never a multiple of what another such number is, but for small factors.
        let prime = power(521) - 1_u8;
        let mut moduli: Vec<BigUint> = (0..40_u32)
            .map(|at| BigUint::from(3_u8).pow(600) * power(at) + 1_u8)
            .filter(|number| number % 2_u8 == BigUint::from(1_u8))
            .map(|number| number * &prime)
            .collect();
        moduli.dedup();
        assert_eq!(shared_factors(&moduli).len(), moduli.len());
    }
}
