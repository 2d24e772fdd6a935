//! Which windows share a bucket.
//!
//! A bucket lets through whatever looks like any mixture of its windows, so windows that look
//! alike belong together. The assignment is greedy: of each literal that window is taken, and put
//! there, where it adds least to what is let through by mistake. Literals whose windows are common
//! come first: they shape the buckets, and the others find room in them.

use crate::Literal;
use crate::window::{WHOLE, WIDTH, Window, frequency};

/// How many there are: four planes of eight bits.
pub(crate) const BUCKETS: usize = 32;

/// The bytes that a bucket allows at one place, as a sieve sees them.
pub(crate) trait Place: Copy + Default {
    /// How much the frequency of what passes grows if both bytes, which differ at most in the bit
    /// of case, are allowed.
    fn growth(&self, bytes: [u8; 2], chances: &Chances) -> f32;
    /// Allows both bytes.
    fn add(&mut self, bytes: [u8; 2], chances: &Chances);
}

/// The window of each literal and its bucket, in the order of the literals; the width of the
/// window is 0 for an empty literal.
pub(crate) fn assign<P: Place>(literals: &[Literal<'_>]) -> Vec<(Window, u8)> {
    let chances = Chances::new();
    let mut open: Vec<(usize, Vec<Window>)> = literals
        .iter()
        .map(Window::choices)
        .enumerate()
        .filter(|(_, choices)| !choices.is_empty())
        .collect();
    let chance = |choices: &[Window]| choices.first().map_or(0.0, |window| window.chance);
    open.sort_by(|(_, one), (_, other)| chance(other).total_cmp(&chance(one)));
    let mut buckets = [Bucket::<P>::default(); BUCKETS];
    let mut assigned = vec![(Window::default(), 0); literals.len()];
    for (literal, choices) in open {
        if let Some(place) = assigned.get_mut(literal) {
            *place = cheapest(&choices, &mut buckets, &chances);
        }
    }
    assigned
}

/// Puts one of the windows where it adds least, and tells which and where.
fn cheapest<P: Place>(
    choices: &[Window],
    buckets: &mut [Bucket<P>; BUCKETS],
    chances: &Chances,
) -> (Window, u8) {
    let mut least = f32::INFINITY;
    let mut best = (Window::default(), 0);
    'search: for window in choices {
        let allowed: [_; WIDTH] = std::array::from_fn(|place| window.allowed(place));
        for (number, bucket) in (0_u8..).zip(buckets.iter()) {
            let added = bucket.added(&allowed, chances);
            if added < least {
                least = added;
                best = (*window, number);
                if added <= 0.0 {
                    break 'search;
                }
            }
        }
    }
    if let Some(bucket) = buckets.get_mut(usize::from(best.1)) {
        bucket.add(&best.0, chances);
    }
    best
}

#[derive(Clone, Copy, Default)]
struct Bucket<P> {
    places: [P; WIDTH],
    /// The share of bytes that pass at each place.
    passes: [f32; WIDTH],
    /// The share of positions that pass.
    all: f32,
}

impl<P: Place> Bucket<P> {
    /// How much more would pass.
    fn added(&self, allowed: &[Option<[u8; 2]>; WIDTH], chances: &Chances) -> f32 {
        let mut all = 1.0;
        for ((place, passes), bytes) in self.places.iter().zip(self.passes).zip(allowed) {
            all *= bytes.map_or(1.0, |bytes| passes + place.growth(bytes, chances) / WHOLE);
        }
        all - self.all
    }

    fn add(&mut self, window: &Window, chances: &Chances) {
        let places = self.places.iter_mut().zip(&mut self.passes);
        for (number, (place, passes)) in places.enumerate() {
            match window.allowed(number) {
                Some(bytes) => {
                    *passes += place.growth(bytes, chances) / WHOLE;
                    place.add(bytes, chances);
                }
                None => *passes = 1.0,
            }
        }
        self.all = self.passes.iter().product();
    }
}

/// Bytes by themselves.
#[derive(Clone, Copy, Default)]
pub(crate) struct Whole([u64; 4]);

impl Whole {
    fn has(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte / 64)).is_some_and(|word| word >> (byte % 64) & 1 != 0)
    }
}

impl Place for Whole {
    fn growth(&self, [one, other]: [u8; 2], chances: &Chances) -> f32 {
        let of = |byte| if self.has(byte) { 0.0 } else { chances.get(byte >> 4, byte & 15) };
        if one == other { of(one) } else { of(one) + of(other) }
    }

    fn add(&mut self, bytes: [u8; 2], _: &Chances) {
        for byte in bytes {
            if let Some(word) = self.0.get_mut(usize::from(byte / 64)) {
                *word |= 1 << (byte % 64);
            }
        }
    }
}

/// Lower and upper halves of bytes, each by themselves.
#[derive(Clone, Copy, Default)]
pub(crate) struct Halves {
    low: u16,
    high: u16,
    /// By upper half: how often it is met with one of the lower halves.
    rows: [f32; 16],
    /// By lower half: how often it is met with one of the upper halves.
    columns: [f32; 16],
}

fn at(values: &[f32; 16], half: u8) -> f32 {
    values.get(usize::from(half)).copied().unwrap_or_default()
}

impl Place for Halves {
    fn growth(&self, bytes: [u8; 2], chances: &Chances) -> f32 {
        let [one, other] = bytes.map(|byte| byte >> 4);
        let low = bytes[0] & 15;
        let is_new = self.low >> low & 1 == 0;
        let mut growth = if is_new { at(&self.columns, low) } else { 0.0 };
        for high in [Some(one), Some(other).filter(|_| other != one)].into_iter().flatten() {
            if self.high >> high & 1 == 0 {
                growth += at(&self.rows, high);
                growth += if is_new { chances.get(high, low) } else { 0.0 };
            }
        }
        growth
    }

    fn add(&mut self, bytes: [u8; 2], chances: &Chances) {
        for byte in bytes {
            let (low, high) = (byte & 15, byte >> 4);
            if self.low >> low & 1 == 0 {
                self.low |= 1 << low;
                (0..16).zip(&mut self.rows).for_each(|(high, it)| *it += chances.get(high, low));
            }
            if self.high >> high & 1 == 0 {
                self.high |= 1 << high;
                (0..16).zip(&mut self.columns).for_each(|(low, it)| *it += chances.get(high, low));
            }
        }
    }
}

/// The frequencies of all bytes, by the halves of the byte.
pub(crate) struct Chances([[f32; 16]; 16]);

impl Chances {
    fn new() -> Self {
        let mut all = [[0.0; 16]; 16];
        for (row, upper) in all.iter_mut().zip(0_u8..) {
            for (chance, lower) in row.iter_mut().zip(0_u8..) {
                *chance = frequency(upper << 4 | lower);
            }
        }
        Self(all)
    }

    fn get(&self, upper: u8, lower: u8) -> f32 {
        self.0.get(usize::from(upper)).map_or(0.0, |row| at(row, lower))
    }
}

#[cfg(test)]
mod tests {
    use super::{Chances, Halves, Place, Whole, assign};
    use crate::Literal;

    #[test]
    fn growth_is_what_passes_in_the_end() {
        let chances = Chances::new();
        let (mut halves, mut grown) = (Halves::default(), 0.0);
        for bytes in [*b"aA", *b"__", *b"zZ", *b"99", *b"aA", *b"..", *b"zz"] {
            grown += halves.growth(bytes, &chances);
            halves.add(bytes, &chances);
            let passes: f32 = (0..=255_u8)
                .filter(|byte| halves.low >> (byte & 15) & 1 != 0)
                .filter(|byte| halves.high >> (byte >> 4) & 1 != 0)
                .map(|byte| chances.get(byte >> 4, byte & 15))
                .sum();
            assert!((passes - grown).abs() < 1.0, "{passes} {grown}");
        }
    }

    #[test]
    fn windows_that_look_alike_share_a_bucket() {
        let text: Vec<String> = (0..2000).map(|number| format!("{:04}", number % 1000)).collect();
        let literals: Vec<Literal<'_>> =
            text.iter().map(|text| Literal { bytes: text.as_bytes(), fold: false }).collect();
        let assigned = assign::<Whole>(&literals);
        assert_eq!(assigned.len(), 2000);
        assert_eq!(assigned[7].1, assigned[1007].1);
    }
}
