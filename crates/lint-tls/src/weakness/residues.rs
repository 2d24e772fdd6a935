//! A number modulo every small prime, from one long division.

use std::sync::LazyLock;

use num_bigint::BigUint;

/// The Baseline Requirements (§6.1.6) ask for no factor under 752.
const BOUND: u32 = 752;

/// The primes under [`BOUND`] and products of them.
struct Table {
    primes: Vec<u32>,
    /// Runs of primes: where each ends, and the product, which fits 64 bits.
    runs: Vec<(usize, u64)>,
    product: BigUint,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let is_prime = |number: &u32| {
        (2..*number).take_while(|d| d * d <= *number).all(|d| !number.is_multiple_of(d))
    };
    let primes: Vec<u32> = (2..BOUND).filter(is_prime).collect();
    let mut runs: Vec<(usize, u64)> = Vec::new();
    let mut product = 1_u64;
    for (at, &prime) in primes.iter().enumerate() {
        match product.checked_mul(u64::from(prime)) {
            Some(longer) => product = longer,
            None => {
                runs.push((at, product));
                product = u64::from(prime);
            }
        }
    }
    runs.push((primes.len(), product));
    let product = runs.iter().map(|(_, product)| BigUint::from(*product)).product();
    Table { primes, runs, product }
});

/// A number modulo the primes under 752, in their order.
pub(super) struct Residues(Vec<u32>);

impl Residues {
    pub(super) fn of(number: &BigUint) -> Self {
        let table = &*TABLE;
        let digits = (number % &table.product).to_u64_digits();
        let mut residues = Vec::with_capacity(table.primes.len());
        for &(end, product) in &table.runs {
            let rest = digits.iter().rev().fold(0_u64, |rest, &digit| {
                let wide = (u128::from(rest) << 64) | u128::from(digit);
                u64::try_from(wide % u128::from(product)).unwrap_or_default()
            });
            let primes = table.primes.get(residues.len()..end).unwrap_or_default();
            let small = |prime: &u32| u32::try_from(rest % u64::from(*prime)).unwrap_or_default();
            residues.extend(primes.iter().map(small));
        }
        Self(residues)
    }

    /// Primes and residues.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u32)> {
        TABLE.primes.iter().copied().zip(self.0.iter().copied())
    }

    /// The smallest prime of the table that divides the number.
    pub(super) fn smallest_factor(&self) -> Option<u32> {
        self.iter().find(|(_, residue)| *residue == 0).map(|(prime, _)| prime)
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::Residues;

    #[test]
    fn residues_are_those_of_single_divisions() {
        let number = BigUint::from(3_u8).pow(1_000) + 12_345_u32;
        let residues = Residues::of(&number);
        assert_eq!(residues.iter().count(), 133);
        for (prime, residue) in residues.iter() {
            assert_eq!(BigUint::from(residue), &number % prime, "{prime}");
        }
    }

    #[test]
    fn the_smallest_factor_is_found() {
        let prime = (BigUint::from(1_u8) << 255_u32) + 95_u8;
        for factor in [2_u32, 3, 751] {
            let number = &prime * factor * 751_u32;
            assert_eq!(Residues::of(&number).smallest_factor(), Some(factor));
        }
        assert_eq!(Residues::of(&(&prime * 757_u32)).smallest_factor(), None);
    }
}
