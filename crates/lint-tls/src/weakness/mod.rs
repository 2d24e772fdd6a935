//! What the public numbers of an RSA key say against it: pure functions, each an attack or a sign
//! of a faulty generator. All take microseconds; none needs the private numbers.
//!
//! A modulus that is itself a prime is not looked for: telling that takes milliseconds per key.

mod fermat;
mod gcd;
mod invalid;
mod known;
mod residues;
mod roca;
mod shared;
mod structure;
mod wiener;

use careen_x509_model::{KeyFacts, KeyKind};
use num_bigint::BigUint;

pub(crate) use invalid::Invalid;
pub(crate) use known::known;
pub(crate) use shared::shared_factors;
pub(crate) use structure::Structure;

use self::residues::Residues;

/// Shorter moduli are factored by anybody, so that fingerprints of generators say nothing.
const SHORTEST: u64 = 256;

/// What is wrong with an RSA key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RsaVerdict {
    /// The smallest prime under 752 that divides the modulus.
    pub(crate) small_factor: Option<u32>,
    /// The primes are so close that Fermat's method finds them at once.
    pub(crate) close_primes: bool,
    /// The modulus has the fingerprint of Infineon's RSALib.
    pub(crate) roca: bool,
    /// The numbers are no RSA key at all.
    pub(crate) invalid: Option<Invalid>,
    /// The modulus is not as random as a product of two random primes.
    pub(crate) structure: Option<Structure>,
    /// The private exponent follows from the public one.
    pub(crate) small_private_exponent: bool,
}

impl RsaVerdict {
    /// Judges a key; none where it is not RSA, or longer than 16,384 bits.
    pub(crate) fn of(key: &KeyFacts) -> Option<Self> {
        let KeyKind::Rsa { bits, exponent, modulus, .. } = &key.kind else { return None };
        if modulus.is_empty() {
            let zero = (*bits == 0).then_some(Invalid::Zero);
            return zero.map(|zero| Self { invalid: Some(zero), ..Self::default() });
        }
        let number = BigUint::from_bytes_be(modulus);
        let mut verdict = Self::of_modulus(modulus, &number);
        if exponent.is_none() {
            let exponent = BigUint::from_bytes_be(key.rsa_exponent().unwrap_or_default());
            if exponent >= number {
                verdict.invalid = verdict.invalid.or(Some(Invalid::ExponentTooLarge));
            } else {
                verdict.small_private_exponent = wiener::is_small(&number, &exponent);
            }
        } else if exponent.is_some_and(|exponent| BigUint::from(exponent) >= number) {
            verdict.invalid = verdict.invalid.or(Some(Invalid::ExponentTooLarge));
        }
        Some(verdict)
    }

    fn of_modulus(bytes: &[u8], number: &BigUint) -> Self {
        let residues = Residues::of(number);
        let root = number.sqrt();
        let invalid = invalid::of(number, &root, &residues);
        if invalid.is_some() {
            return Self { invalid, ..Self::default() };
        }
        let random = number.bits() >= SHORTEST;
        Self {
            small_factor: residues.smallest_factor(),
            close_primes: fermat::finds_primes(number, &root, &residues),
            roca: random && roca::has_fingerprint(&residues),
            structure: random.then(|| structure::of(bytes)).flatten(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests;
