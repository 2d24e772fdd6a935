//! Factors that moduli have in common: each modulus is held against the product of all before it.
//!
//! The products stand in a tree, and what is before a node goes down to its halves, each time
//! reduced by what the half has: so most of the arithmetic is done on numbers of equal length, where
//! long multiplication is fast.

use num_bigint::BigUint;

use super::gcd::gcd;

/// Bits of all moduli together that are looked at: 2,048 keys of 2048 bits, in a second or two.
/// What follows is left alone, since the time grows with the square.
const MOST_BITS: u64 = 1 << 22;
/// Most moduli in a leaf of the tree.
const GROUP: usize = 8;
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
    let mut hits = Vec::new();
    match Node::halves(&proper) {
        Some(halves) => search_halves(&halves, None, &mut hits),
        None => search_group(&proper, None, &mut hits),
    }
    let found = hits.into_iter().enumerate().map(|(nth, (at, modulus))| {
        let mut others = proper.iter().take_while(|(other, _)| nth < SEARCHED && *other < at);
        let with = others.find(|(_, other)| !are_coprime(modulus, other));
        Shared { at, with: with.map(|(other, _)| *other) }
    });
    found.collect()
}

/// A modulus with its position.
type Numbered<'a> = (usize, &'a BigUint);

/// A part of the moduli with its product.
struct Node<'a> {
    moduli: &'a [Numbered<'a>],
    product: BigUint,
    /// None of a leaf. There are as many levels as the count of moduli has binary digits.
    halves: Option<Box<[Self; 2]>>,
}

impl<'a> Node<'a> {
    fn new(moduli: &'a [Numbered<'a>]) -> Self {
        let halves = Self::halves(moduli).map(Box::new);
        let product = match halves.as_deref() {
            Some([first, second]) => &first.product * &second.product,
            None => moduli.iter().map(|(_, modulus)| *modulus).product(),
        };
        Self { moduli, product, halves }
    }

    fn halves(moduli: &'a [Numbered<'a>]) -> Option<[Self; 2]> {
        let (first, second) = moduli.split_at(moduli.len() / 2);
        (moduli.len() > GROUP).then(|| [Self::new(first), Self::new(second)])
    }

    fn search(&self, earlier: Option<&BigUint>, hits: &mut Vec<Numbered<'a>>) {
        match self.halves.as_deref() {
            Some(halves) => search_halves(halves, earlier, hits),
            None => search_group(self.moduli, earlier, hits),
        }
    }
}

/// `earlier` is the product of all moduli before the halves, or its remainder by theirs.
fn search_halves<'a>(
    [first, second]: &[Node<'a>; 2],
    earlier: Option<&BigUint>,
    hits: &mut Vec<Numbered<'a>>,
) {
    first.search(earlier.map(|earlier| earlier % &first.product).as_ref(), hits);
    let before = match earlier {
        Some(earlier) => earlier % &second.product * &first.product % &second.product,
        None => &first.product % &second.product,
    };
    second.search(Some(&before), hits);
}

fn search_group<'a>(
    moduli: &[Numbered<'a>],
    earlier: Option<&BigUint>,
    hits: &mut Vec<Numbered<'a>>,
) {
    let mut within = BigUint::from(1_u8);
    for &(at, modulus) in moduli {
        let mut before = &within % modulus;
        if let Some(earlier) = earlier {
            before = before * (earlier % modulus) % modulus;
        }
        if !are_coprime(modulus, &before) {
            hits.push((at, modulus));
        }
        within *= modulus;
    }
}

fn are_coprime(a: &BigUint, b: &BigUint) -> bool {
    gcd(a, b) == BigUint::from(1_u8)
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::{GROUP, SEARCHED, Shared, gcd, shared_factors};

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

    proptest! {
        #[test]
        fn it_is_what_pairs_tell(
            factors in prop::collection::vec((any::<u128>(), any::<u64>()), 0..5 * GROUP),
            least in any::<u8>(),
        ) {
            // Few small factors at times, so that from none to all of the moduli share one.
            let shift = u32::from(least % 120);
            let mut moduli: Vec<BigUint> = factors
                .into_iter()
                .map(|(one, two)| BigUint::from(one >> shift | 1) * (two >> (shift / 2) | 1))
                .collect();
            moduli.sort();
            moduli.dedup();
            let one = BigUint::from(1_u8);
            let first = |at: usize| (0..at).find(|&other| gcd(&moduli[at], &moduli[other]) != one);
            let pairs = (0..moduli.len()).filter_map(|at| Some((at, first(at)?)));
            let expected: Vec<Shared> = pairs
                .enumerate()
                .map(|(nth, (at, with))| Shared { at, with: (nth < SEARCHED).then_some(with) })
                .collect();
            prop_assert_eq!(shared_factors(&moduli), expected);
        }
    }
}
