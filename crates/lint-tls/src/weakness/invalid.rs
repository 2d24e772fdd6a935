//! Numbers that are no RSA key.

use num_bigint::BigUint;

use super::residues::Residues;

/// Why numbers are no RSA key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Invalid {
    /// The modulus is zero or one.
    Zero,
    /// The modulus is a power of another number: 2 for a square.
    Power(u32),
    /// The modulus is a small prime.
    Prime,
    /// The public exponent is not less than the modulus.
    ExponentTooLarge,
}

/// Exponents of powers that are looked for. A modulus has no factor under 752 where this counts,
/// but two of equal length are what generators make.
const POWERS: [u32; 4] = [3, 5, 7, 11];

/// Judges a modulus. `root` is its square root, rounded down.
pub(super) fn of(number: &BigUint, root: &BigUint, residues: &Residues) -> Option<Invalid> {
    let one = BigUint::from(1_u8);
    if *number <= one {
        return Some(Invalid::Zero);
    }
    let small = u32::try_from(number).ok();
    if small.is_some_and(|small| is_prime(small, residues)) {
        return Some(Invalid::Prime);
    }
    if root * root == *number {
        return Some(Invalid::Power(2));
    }
    let is_power = |power: &u32| {
        may_be_power(*power, residues) && number.nth_root(*power).pow(*power) == *number
    };
    POWERS.into_iter().find(is_power).map(Invalid::Power)
}

/// Whether a number is prime, where the primes of the table suffice to tell.
fn is_prime(number: u32, residues: &Residues) -> bool {
    match residues.smallest_factor() {
        Some(factor) => factor == number,
        None => number < 752 * 752,
    }
}

/// Whether a number may be a power of that exponent: modulo every prime p that is 1 modulo the
/// exponent, only one residue in so many is a power, by Euler's criterion.
fn may_be_power(exponent: u32, residues: &Residues) -> bool {
    residues
        .iter()
        .filter(|(prime, _)| prime % exponent == 1)
        .all(|(prime, residue)| residue == 0 || power(residue, (prime - 1) / exponent, prime) == 1)
}

fn power(base: u32, mut exponent: u32, modulus: u32) -> u32 {
    let (mut base, mut result) = (base % modulus, 1 % modulus);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % modulus;
        }
        base = base * base % modulus;
        exponent >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::{Invalid, of};
    use crate::weakness::residues::Residues;

    fn judge(number: &BigUint) -> Option<Invalid> {
        of(number, &number.sqrt(), &Residues::of(number))
    }

    #[test]
    fn powers_and_small_primes_are_no_keys() {
        let prime = (BigUint::from(1_u8) << 255_u32) + 95_u8;
        for power in [2, 3, 5, 7, 11] {
            assert_eq!(judge(&prime.pow(power)), Some(Invalid::Power(power)));
            assert_eq!(judge(&(prime.pow(power) + 2_u8)), None);
        }
        assert_eq!(judge(&(&prime * 3_u8)), None);
        for (number, verdict) in [
            (0, Some(Invalid::Zero)),
            (1, Some(Invalid::Zero)),
            (2, Some(Invalid::Prime)),
            (757, Some(Invalid::Prime)),
            (6, None),
            (9, Some(Invalid::Power(2))),
            (757 * 761, None),
        ] {
            assert_eq!(judge(&BigUint::from(number as u32)), verdict, "{number}");
        }
    }
}
