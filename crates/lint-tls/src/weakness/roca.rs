//! The fingerprint of Infineon's RSALib (CVE-2017-15361): its primes are k·M + 65537^a mod M,
//! M being a product of the first primes, so a modulus is a power of 65537 modulo each of them.

use std::sync::LazyLock;

use super::residues::Residues;

/// The smallest M that the library uses, for keys of 512 bits, ends with this prime. Larger ones
/// are multiples of it.
const LAST: u32 = 167;
const GENERATOR: u32 = 65_537;

/// For each prime from 2 on, which residues are powers of the generator.
static POWERS: LazyLock<Vec<[u64; 3]>> = LazyLock::new(|| {
    let residues = Residues::of(&1_u8.into());
    let primes = residues.iter().map(|(prime, _)| prime).take_while(|prime| *prime <= LAST);
    primes
        .map(|prime| {
            let mut powers = [0; 3];
            let mut power = 1 % prime;
            while !holds(&powers, power) {
                if let Some(word) = powers.get_mut(power as usize / 64) {
                    *word |= 1 << (power % 64);
                }
                power = power * (GENERATOR % prime) % prime;
            }
            powers
        })
        .collect()
});

fn holds(powers: &[u64; 3], residue: u32) -> bool {
    powers.get(residue as usize / 64).is_none_or(|word| word >> (residue % 64) & 1 == 1)
}

/// Whether a modulus has the fingerprint. A random number of that kind has it once in 2^154.
pub(super) fn has_fingerprint(residues: &Residues) -> bool {
    residues.iter().zip(&*POWERS).all(|((_, residue), powers)| holds(powers, residue))
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::{GENERATOR, LAST, has_fingerprint};
    use crate::weakness::residues::Residues;

    #[test]
    fn numbers_built_as_the_library_does_have_it() {
        let one = Residues::of(&BigUint::from(1_u8));
        let primes = one.iter().map(|(prime, _)| prime).take_while(|prime| *prime <= LAST);
        let product: BigUint = primes.map(BigUint::from).product();
        let factor = |k: u64, a: u32| {
            BigUint::from(k) * &product + BigUint::from(GENERATOR).modpow(&a.into(), &product)
        };
        let number = factor(0x1234_5678_9abc, 1_234_567) * factor(0xfedc_ba98_7654, 7_654_321);
        assert!(has_fingerprint(&Residues::of(&number)));
        assert!(!has_fingerprint(&Residues::of(&(number + 2_u8))));
    }

    #[test]
    fn other_numbers_have_it_not() {
        for exponent in 500..600 {
            let number = BigUint::from(3_u8).pow(exponent) + 2_u8;
            assert!(!has_fingerprint(&Residues::of(&number)));
        }
    }
}
