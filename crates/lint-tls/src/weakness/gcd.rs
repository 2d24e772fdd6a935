//! The greatest common divisor of long numbers (Lehmer's method): most steps of Euclid's
//! algorithm are taken on the leading bits alone.

use num_bigint::BigUint;

/// Leading bits that are looked at; cofactors have half as many.
const LEADING: u64 = 62;

/// The greatest common divisor.
pub(super) fn gcd(a: &BigUint, b: &BigUint) -> BigUint {
    let (mut a, mut b) = if a >= b { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) };
    while b.bits() > LEADING {
        let shift = a.bits() - LEADING;
        let leading = |number: &BigUint| i64::try_from(number >> shift).unwrap_or_default();
        let steps = steps(leading(&a), leading(&b));
        (a, b) = if steps.upper.1 == 0 {
            let rest = &a % &b;
            (b, rest)
        } else {
            (combine(&a, &b, steps.upper), combine(&a, &b, steps.lower))
        };
        if a < b {
            std::mem::swap(&mut a, &mut b);
        }
    }
    let zero = BigUint::from(0_u8);
    while b != zero {
        let rest = &a % &b;
        (a, b) = (b, rest);
    }
    a
}

/// What several steps of Euclid's algorithm come to: two sums of multiples of the numbers. Of
/// each pair one cofactor is positive at most, and one negative at most.
struct Steps {
    upper: (i64, i64),
    lower: (i64, i64),
}

/// The steps that are the same whatever follows the leading bits.
const fn steps(mut upper: i64, mut lower: i64) -> Steps {
    let mut steps = Steps { upper: (1, 0), lower: (0, 1) };
    while lower + steps.lower.0 != 0 && lower + steps.lower.1 != 0 {
        let quotient = (upper + steps.upper.0) / (lower + steps.lower.0);
        if quotient != (upper + steps.upper.1) / (lower + steps.lower.1) {
            break;
        }
        let (first, second) = (steps.upper, steps.lower);
        let third = (first.0 - quotient * second.0, first.1 - quotient * second.1);
        steps = Steps { upper: second, lower: third };
        (upper, lower) = (lower, upper - quotient * lower);
    }
    steps
}

fn combine(a: &BigUint, b: &BigUint, (of_a, of_b): (i64, i64)) -> BigUint {
    let (first, second) = (a * of_a.unsigned_abs(), b * of_b.unsigned_abs());
    // The sum is a remainder of Euclid's algorithm and so not negative.
    if of_b > 0 { second - first } else { first - second }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::gcd;

    fn euclid(a: &BigUint, b: &BigUint) -> BigUint {
        let (mut a, mut b) = (a.clone(), b.clone());
        while b != BigUint::from(0_u8) {
            let rest = &a % &b;
            (a, b) = (b, rest);
        }
        a
    }

    #[test]
    fn it_is_what_euclid_finds() {
        let power = |base: u32, exponent: u32| BigUint::from(base).pow(exponent);
        let numbers = [
            BigUint::from(0_u8),
            BigUint::from(1_u8),
            BigUint::from(720_720_u32),
            power(2, 64),
            power(2, 2_048) - 1_u8,
            power(2, 1_024) + 1_u8,
            power(3, 1_000),
            power(6, 700),
            power(3, 500) * (power(2, 521) - 1_u8),
            power(5, 400) * (power(2, 521) - 1_u8),
            power(7, 3_000) + 1_u8,
        ];
        for a in &numbers {
            for b in &numbers {
                assert_eq!(gcd(a, b), euclid(a, b));
            }
        }
        // Neighbours of Fibonacci's sequence take the most steps.
        let (mut a, mut b) = (BigUint::from(0_u8), BigUint::from(1_u8));
        for _ in 0..2_000 {
            (a, b) = (b.clone(), a + b);
        }
        assert_eq!(gcd(&a, &b), BigUint::from(1_u8));
    }
}
