//! Moduli that a random number generator did not make.

/// What is regular about a modulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Structure {
    /// A pattern of so many bytes repeats.
    Repetition(usize),
    /// Several words of 32 bits have all bits alike, as where the primes are sums of few terms.
    EmptyWords(usize),
    /// Ones and zeros are not equally frequent.
    Bias,
    /// The head of a message to the backdoor of XZ Utils 5.6 (CVE-2024-3094).
    Backdoor,
}

/// Longest pattern that is looked for, in bytes.
const LONGEST: usize = 16;
/// Bytes that must equal those one pattern before them: once in 2^80 by chance, for each place and
/// length of pattern.
const REPEATED: usize = 10;
/// Words of equal bits that make a modulus regular: two are there once in 2^50 by chance.
const EMPTY: usize = 2;

/// Judges a modulus of 256 bits or more, big-endian.
pub(super) fn of(bytes: &[u8]) -> Option<Structure> {
    if is_backdoor(bytes) {
        return Some(Structure::Backdoor);
    }
    // Some generators set the first bits on purpose, and the last is one: neither is a weakness.
    let middle = bytes.get(8..bytes.len().saturating_sub(4)).unwrap_or_default();
    let repeats = |length: &usize| {
        let later = middle.get(*length..).unwrap_or_default();
        let mut run = 0_usize;
        later.iter().zip(middle).any(|(later, earlier)| {
            run = if later == earlier { run + 1 } else { 0 };
            run >= REPEATED
        })
    };
    if let Some(length) = (1..=LONGEST).find(repeats) {
        return Some(Structure::Repetition(length));
    }
    let words = middle.rchunks_exact(4);
    let empty = words.filter(|word| matches!(word, [0, 0, 0, 0] | [255, 255, 255, 255])).count();
    if empty >= EMPTY {
        return Some(Structure::EmptyWords(empty));
    }
    is_biased(bytes).then_some(Structure::Bias)
}

/// Whether the number of ones is more than seven standard deviations from half of the bits: once
/// in 2^38 by chance.
fn is_biased(bytes: &[u8]) -> bool {
    let bits = bytes.len() as u64 * 8;
    let ones: u64 = bytes.iter().map(|byte| u64::from(byte.count_ones())).sum();
    // σ² is a quarter of the number of bits.
    let twice = (2 * ones).abs_diff(bits);
    twice * twice > 49 * bits
}

/// The backdoor reads a command from the modulus of a key that SSH is offered: two words and a
/// long one, whose product and sum is a small number.
fn is_backdoor(bytes: &[u8]) -> bool {
    let word = |at: usize| -> Option<u32> {
        Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
    };
    let head = || {
        let (a, b) = (u64::from(word(0)?), u64::from(word(4)?));
        let c = u64::from(word(8)?) | u64::from(word(12)?) << 32;
        // Zeros are an empty modulus rather than a message.
        (a != 0 && b != 0 && c != 0).then(|| a.wrapping_mul(b).wrapping_add(c))
    };
    head().is_some_and(|command| command <= 3)
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::{Structure, of};

    /// Bytes without a pattern: a product of powers.
    fn random() -> Vec<u8> {
        BigUint::from(3_u8).pow(1_290).to_bytes_be()
    }

    #[test]
    fn random_bytes_have_no_structure() {
        for exponent in 800..900_u32 {
            assert_eq!(of(&BigUint::from(3_u8).pow(exponent).to_bytes_be()), None);
        }
    }

    #[test]
    fn repetitions_are_found() {
        for length in 1..=16 {
            let pattern: Vec<u8> = random().into_iter().skip(40).take(length).collect();
            let mut bytes = random();
            let repeated = pattern.iter().cycle().take(length + 10);
            bytes.splice(100..100 + length + 10, repeated.copied());
            assert_eq!(of(&bytes), Some(Structure::Repetition(length)));
        }
    }

    #[test]
    fn primes_that_are_sums_of_few_terms_leave_empty_words() {
        // (2^1023 + x·2^512 + y)(2^1022 + z) is a polynomial with small coefficients.
        let one = || BigUint::from(1_u8);
        let p =
            (one() << 1_023_u32) + (BigUint::from(0xdead_beef_u32) << 512_u32) + 0x1234_5677_u32;
        let q = (one() << 1_022_u32) + 0x0bad_cafe_u32;
        assert!(matches!(of(&(p * q).to_bytes_be()), Some(Structure::Repetition(_))));
        let mut bytes = random();
        let end = bytes.len();
        bytes[end - 24..end - 20].fill(0);
        assert_eq!(of(&bytes), None);
        bytes[end - 80..end - 76].fill(255);
        assert_eq!(of(&bytes), Some(Structure::EmptyWords(2)));
    }

    #[test]
    fn bias_is_found() {
        let mut bytes = random();
        for byte in bytes.iter_mut().step_by(2) {
            *byte &= 0b0111_0111;
        }
        assert_eq!(of(&bytes), None);
        for byte in &mut bytes {
            *byte &= 0b0111_0111;
        }
        assert_eq!(of(&bytes), Some(Structure::Bias));
    }

    #[test]
    fn the_head_of_the_backdoor_is_found() {
        let mut bytes = random();
        let (a, b) = (0x1234_5678_u32, 0x9abc_def0_u32);
        let c = 2_u64.wrapping_sub(u64::from(a) * u64::from(b));
        bytes.splice(..16, [&a.to_le_bytes()[..], &b.to_le_bytes(), &c.to_le_bytes()].concat());
        assert_eq!(of(&bytes), Some(Structure::Backdoor));
    }
}
