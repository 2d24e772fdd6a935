//! Wiener's attack: a private exponent under a third of the fourth root of the modulus is the
//! denominator of a convergent of e/n.

use num_bigint::BigUint;

/// Longer moduli are let be; their continued fractions take milliseconds.
const LONGEST: u64 = 8_192;

/// Whether the private exponent can be computed. `exponent` is less than `modulus`.
pub(super) fn is_small(modulus: &BigUint, exponent: &BigUint) -> bool {
    if modulus.bits() > LONGEST {
        return false;
    }
    // Remainders of Euclid's algorithm on e and n, and convergents k/d of e/n.
    let (mut upper, mut lower) = (exponent.clone(), modulus.clone());
    let (mut k, mut k_before) = (BigUint::from(1_u8), BigUint::from(0_u8));
    let (mut d, mut d_before) = (BigUint::from(0_u8), BigUint::from(1_u8));
    let zero = BigUint::from(0_u8);
    while lower != zero && d.bits() <= modulus.bits() / 4 + 1 {
        let quotient = &upper / &lower;
        let rest = upper - &quotient * &lower;
        (upper, lower) = (lower, rest);
        (k, k_before) = (&quotient * &k + k_before, k);
        (d, d_before) = (quotient * &d + d_before, d);
        // For the right one |e·d − k·n| = k·(p + q − 1) − 1, which is far less than usual.
        let close = lower.bits() <= k.bits() + modulus.bits() / 2 + 3;
        if close && k != zero && factors(modulus, exponent, &k, &d) {
            return true;
        }
    }
    false
}

/// Whether (e·d − 1)/k is the number of units modulo n, so that its primes follow.
fn factors(modulus: &BigUint, exponent: &BigUint, k: &BigUint, d: &BigUint) -> bool {
    let product = exponent * d;
    if product < BigUint::from(2_u8) {
        return false;
    }
    let units = (product - 1_u8) / k;
    if units >= *modulus {
        return false;
    }
    let sum = modulus + 1_u8 - units;
    let square = &sum * &sum;
    let product = modulus << 2_u8;
    if square < product {
        return false;
    }
    let difference = (&square - &product).sqrt();
    let larger = (&sum + difference) >> 1_u8;
    larger > BigUint::from(1_u8) && larger < *modulus && modulus % larger == BigUint::from(0_u8)
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::is_small;

    #[test]
    fn small_private_exponents_are_found() {
        let one = || BigUint::from(1_u8);
        let p = (one() << 255_u32) + 95_u8;
        let q = (one() << 254_u32) + 79_u8;
        let units = (&p - 1_u8) * (&q - 1_u8);
        let modulus = &p * &q;
        // The fourth root of the modulus has 128 bits.
        // The public exponent to a private one of so many bits.
        let public = |bits: u32| {
            let private = (0..).map(|add: u32| (one() << bits) + BigUint::from(2 * add + 1));
            private.take(100).find_map(|private: BigUint| private.modinv(&units)).unwrap()
        };
        // The fourth root of the modulus has 128 bits.
        for bits in [17, 64, 120] {
            assert!(is_small(&modulus, &public(bits)), "{bits}");
        }
        for bits in [160, 300] {
            assert!(!is_small(&modulus, &public(bits)), "{bits}");
        }
        assert!(!is_small(&modulus, &BigUint::from(65_537_u32)));
        assert!(!is_small(&modulus, &one()));
    }
}
