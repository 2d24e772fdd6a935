//! What the secret numbers of an RSA key say of it. Only the verdict leaves this module.

use num_bigint::BigUint;

use crate::der;
use crate::limits::MAX_RSA_BITS;

/// A defect of an RSA key that only its private numbers show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrivateWeakness {
    /// The modulus is not the product of the two primes.
    ModulusIsNoProduct,
    /// The private exponent does not undo the public one.
    ExponentsDoNotFit,
    /// The values for the Chinese remainder theorem are not those of the other numbers: signing
    /// goes wrong, and a wrong signature gives the primes away.
    RemaindersDoNotFit,
    /// The private exponent is shorter than 0.292 of the modulus, so that it can be computed from
    /// the public key (Wiener; Boneh and Durfee).
    SmallExponent,
    /// The primes differ by less than FIPS 186-5 §A.1.1 asks for, 100 bits under their length.
    ClosePrimes,
}

/// The numbers of an `RSAPrivateKey` (RFC 8017 §A.1.2) after its version, big-endian.
pub(crate) struct Numbers<'a> {
    pub(crate) modulus: &'a [u8],
    pub(crate) public: &'a [u8],
    pub(crate) private: &'a [u8],
    pub(crate) primes: [&'a [u8]; 2],
    pub(crate) remainders: [&'a [u8]; 2],
    pub(crate) coefficient: &'a [u8],
    /// Whether there are more primes than the two.
    pub(crate) more_primes: bool,
}

impl Numbers<'_> {
    /// Judges the numbers. Longer ones than [`MAX_RSA_BITS`] are not looked at.
    pub(crate) fn weaknesses(&self) -> Vec<PrivateWeakness> {
        let mut found = Vec::new();
        let all = [self.modulus, self.public, self.private, self.coefficient];
        let all = all.iter().chain(&self.primes).chain(&self.remainders);
        if all.copied().any(|number| der::bits(number) > MAX_RSA_BITS) {
            return found;
        }
        let number = |bytes: &[u8]| BigUint::from_bytes_be(bytes);
        let modulus = number(self.modulus);
        let private = number(self.private);
        let (p, q) = (number(self.primes[0]), number(self.primes[1]));
        let one = BigUint::from(1_u8);
        if p <= one || q <= one || (!self.more_primes && &p * &q != modulus) {
            found.push(PrivateWeakness::ModulusIsNoProduct);
            return found;
        }
        let (under_p, under_q) = (&p - &one, &q - &one);
        let public = number(self.public);
        let fits = |under: &BigUint| {
            // Modulo one, everything is zero.
            (&private % under) * (&public % under) % under == &one % under
        };
        if fits(&under_p) && fits(&under_q) {
            if private.bits() * 1_000 < modulus.bits() * 292 {
                found.push(PrivateWeakness::SmallExponent);
            }
        } else {
            found.push(PrivateWeakness::ExponentsDoNotFit);
        }
        // Encoders may leave them unreduced; what counts is that they are the same remainders.
        let same = |given: &[u8], under: &BigUint| number(given) % under == &private % under;
        let inverse = number(self.coefficient) * &q % &p == one;
        if !same(self.remainders[0], &under_p) || !same(self.remainders[1], &under_q) || !inverse {
            found.push(PrivateWeakness::RemaindersDoNotFit);
        }
        let difference = if p > q { &p - &q } else { &q - &p };
        let half = modulus.bits().div_ceil(2);
        if !self.more_primes && half > 100 && difference.bits() <= half - 100 {
            found.push(PrivateWeakness::ClosePrimes);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::{Numbers, PrivateWeakness};

    /// A key of 192 bits from two primes of 96 bits.
    struct Key {
        numbers: [BigUint; 8],
    }

    fn prime(add: u32) -> BigUint {
        (BigUint::from(1_u8) << 255) + add
    }

    impl Key {
        fn new(p: &BigUint, q: &BigUint, public: &BigUint) -> Self {
            let one = BigUint::from(1_u8);
            let (under_p, under_q) = (p - &one, q - &one);
            let private = public.modinv(&(&under_p * &under_q)).unwrap();
            Self {
                numbers: [
                    p * q,
                    public.clone(),
                    private.clone(),
                    p.clone(),
                    q.clone(),
                    &private % &under_p,
                    &private % &under_q,
                    q.modinv(p).unwrap(),
                ],
            }
        }

        fn weaknesses(&self, more_primes: bool) -> Vec<PrivateWeakness> {
            let bytes: Vec<Vec<u8>> = self.numbers.iter().map(BigUint::to_bytes_be).collect();
            Numbers {
                modulus: &bytes[0],
                public: &bytes[1],
                private: &bytes[2],
                primes: [&bytes[3], &bytes[4]],
                remainders: [&bytes[5], &bytes[6]],
                coefficient: &bytes[7],
                more_primes,
            }
            .weaknesses()
        }
    }

    /// 2^255 + 95 and 2^254 + 79 are prime.
    fn primes() -> (BigUint, BigUint) {
        (prime(95), (BigUint::from(1_u8) << 254) + 79_u8)
    }

    #[test]
    fn a_sound_key_has_none() {
        let (p, q) = primes();
        assert_eq!(Key::new(&p, &q, &BigUint::from(65_537_u32)).weaknesses(false), []);
    }

    #[test]
    fn numbers_of_another_key_are_found() {
        let (p, q) = primes();
        let key = || Key::new(&p, &q, &BigUint::from(65_537_u32));
        let spoilt = |at: usize| {
            let mut key = key();
            key.numbers[at] += 2_u8;
            key.weaknesses(false)
        };
        assert_eq!(spoilt(0), [PrivateWeakness::ModulusIsNoProduct]);
        assert_eq!(spoilt(1), [PrivateWeakness::ExponentsDoNotFit]);
        assert_eq!(
            spoilt(2),
            [PrivateWeakness::ExponentsDoNotFit, PrivateWeakness::RemaindersDoNotFit]
        );
        assert_eq!(spoilt(4), [PrivateWeakness::ModulusIsNoProduct]);
        for at in 5..8 {
            assert_eq!(spoilt(at), [PrivateWeakness::RemaindersDoNotFit]);
        }
    }

    #[test]
    fn small_exponents_and_close_primes_are_found() {
        let (p, q) = primes();
        let one = BigUint::from(1_u8);
        let small = BigUint::from(0x1_0000_000f_u64);
        let public = small.modinv(&((&p - &one) * (&q - &one))).unwrap();
        assert_eq!(Key::new(&p, &q, &public).weaknesses(false), [PrivateWeakness::SmallExponent]);
        // 2^255 + 95 and the next prime, 2^255 + 121 or later: any odd neighbour will do here.
        let near = &p + 2_u8;
        let mut key = key_of_neighbours(&p, &near);
        key.sort_unstable();
        assert!(key.contains(&PrivateWeakness::ClosePrimes));
    }

    fn key_of_neighbours(p: &BigUint, q: &BigUint) -> Vec<PrivateWeakness> {
        let mut key = Key::new(p, &primes().1, &BigUint::from(65_537_u32));
        key.numbers[0] = p * q;
        key.numbers[4] = q.clone();
        key.weaknesses(false)
    }

    #[test]
    fn zeros_and_ones_are_no_primes() {
        for bytes in [vec![], vec![0], vec![1]] {
            let key = Numbers {
                modulus: &bytes,
                public: &bytes,
                private: &bytes,
                primes: [&bytes, &bytes],
                remainders: [&bytes, &bytes],
                coefficient: &bytes,
                more_primes: true,
            };
            assert_eq!(key.weaknesses(), [PrivateWeakness::ModulusIsNoProduct]);
        }
        let two = [2];
        let key = Numbers {
            modulus: &[4],
            public: &[3],
            private: &[3],
            primes: [&two, &two],
            remainders: [&[], &[]],
            coefficient: &[1],
            more_primes: false,
        };
        assert_eq!(key.weaknesses(), [PrivateWeakness::RemaindersDoNotFit]);
    }
}
