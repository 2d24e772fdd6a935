//! Division of very long numbers by recursion (Burnikel and Ziegler), so that it is not much
//! slower than their multiplication.

use num_bigint::BigUint;

/// Numbers of fewer bits are divided at once.
const SHORT: u64 = 8_192;

/// The remainder of a division. `divisor` is not zero.
pub(super) fn remainder(number: &BigUint, divisor: &BigUint) -> BigUint {
    if number < divisor {
        return number.clone();
    }
    if divisor.bits() <= SHORT || number.bits() - divisor.bits() <= SHORT {
        return number % divisor;
    }
    // The divisor's length becomes a short one doubled several times, and its first bit one.
    let mut length = divisor.bits();
    let mut halvings = 0_u32;
    while length > SHORT {
        length = length.div_ceil(2);
        halvings += 1;
    }
    let length = length << halvings;
    let shift = length - divisor.bits();
    let divisor = divisor << shift;
    let number = number << shift;
    let pieces = number.bits().div_ceil(length);
    let mut rest = BigUint::from(0_u8);
    for piece in (0..pieces).rev() {
        let piece = low(&(&number >> (piece * length)), length);
        rest = two_by_one((rest << length) + piece, &divisor, length).1;
    }
    rest >> shift
}

/// The last bits of a number.
fn low(number: &BigUint, bits: u64) -> BigUint {
    number - ((number >> bits) << bits)
}

/// Divides a number that is less than `divisor` shifted by its length; quotient and remainder.
fn two_by_one(number: BigUint, divisor: &BigUint, length: u64) -> (BigUint, BigUint) {
    if length <= SHORT || length % 2 == 1 {
        let quotient = &number / divisor;
        let rest = number - &quotient * divisor;
        return (quotient, rest);
    }
    let half = length / 2;
    let (upper, rest) = three_by_two(&number >> half, divisor, half);
    let (lower, rest) = three_by_two((rest << half) + low(&number, half), divisor, half);
    ((upper << half) + lower, rest)
}

/// Divides three halves by two.
fn three_by_two(number: BigUint, divisor: &BigUint, half: u64) -> (BigUint, BigUint) {
    let first = divisor >> half;
    let last = low(divisor, half);
    let top = &number >> half;
    let (mut quotient, rest) = if &top >> half < first {
        two_by_one(top, &first, half)
    } else {
        let quotient = (BigUint::from(1_u8) << half) - 1_u8;
        let rest = top - &quotient * &first;
        (quotient, rest)
    };
    let mut rest = (rest << half) + low(&number, half);
    let taken = &quotient * last;
    // Twice at most, since the divisor's first bit is one.
    while rest < taken {
        quotient -= 1_u8;
        rest += divisor;
    }
    (quotient, rest - taken)
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::{SHORT, remainder};

    #[test]
    fn remainders_are_those_of_plain_division() {
        let power = |base: u32, bits: u64| {
            let exponent = bits as f64 / f64::from(base).log2();
            BigUint::from(base).pow(exponent as u32)
        };
        for divisor_bits in [100, SHORT, SHORT + 65, 5 * SHORT, 9 * SHORT - 1] {
            for number_bits in [50, SHORT, 4 * SHORT, 10 * SHORT, 40 * SHORT + 7] {
                let divisor = power(3, divisor_bits);
                let number = power(7, number_bits);
                assert_eq!(remainder(&number, &divisor), &number % &divisor);
                // All bits ones or zeros make quotients as large and small as can be.
                let ones = (BigUint::from(1_u8) << number_bits) - 1_u8;
                let other = (BigUint::from(1_u8) << (divisor_bits - 1)) + 1_u8;
                assert_eq!(remainder(&ones, &divisor), &ones % &divisor);
                assert_eq!(remainder(&ones, &other), &ones % &other);
                assert_eq!(remainder(&(&number * &divisor), &divisor), BigUint::from(0_u8));
            }
        }
    }
}
