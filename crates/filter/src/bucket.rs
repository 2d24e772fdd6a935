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

/// A number for each bucket: in this form one instruction works on several of them.
type Each = [f32; BUCKETS];

/// The bytes that the buckets allow at one place, as a sieve sees them.
pub(crate) trait Place: Default {
    /// By bucket: how much the frequency of what passes grows if both bytes, which differ at most
    /// in the bit of case, are allowed.
    fn growths(&self, bytes: [u8; 2], chances: &Chances) -> Each;
    /// Allows both bytes in a bucket.
    fn add(&mut self, bucket: usize, bytes: [u8; 2], chances: &Chances);
}

/// The window of each literal and its bucket, in the order of the literals; the width of the
/// window is 0 for an empty literal.
pub(crate) fn assign<P: Place>(literals: &[Literal<'_>]) -> Vec<(Window, u8)> {
    let chances = Chances::new();
    let chance = |literal| Window::choices(literal).first().map_or(0.0, |window| window.chance);
    let mut open: Vec<(f32, usize)> = literals.iter().map(chance).zip(0..).collect();
    open.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let mut buckets = Buckets::<P>::default();
    let mut assigned = vec![(Window::default(), 0); literals.len()];
    for (_, number) in open {
        if let (Some(place), Some(literal)) = (assigned.get_mut(number), literals.get(number))
            && !literal.bytes.is_empty()
        {
            *place = buckets.take(&Window::choices(literal), &chances);
        }
    }
    assigned
}

/// All buckets side by side.
struct Buckets<P> {
    places: [P; WIDTH],
    /// The share of bytes that pass at each place.
    passes: [Each; WIDTH],
    /// The share of positions that pass.
    all: Each,
}

impl<P: Place> Default for Buckets<P> {
    fn default() -> Self {
        Self {
            places: std::array::from_fn(|_| P::default()),
            passes: [[0.0; BUCKETS]; WIDTH],
            all: [0.0; BUCKETS],
        }
    }
}

impl<P: Place> Buckets<P> {
    /// Puts one of the windows where it adds least, and tells which and where.
    fn take(&mut self, choices: &[Window], chances: &Chances) -> (Window, u8) {
        let mut least = f32::INFINITY;
        let mut best = (Window::default(), 0);
        for window in choices.iter().filter(|window| window.width > 0) {
            let added = self.added(window, chances);
            let lowest = lowest(&added);
            if lowest < least {
                least = lowest;
                let number = (0_u8..).zip(&added).find(|(_, added)| **added <= lowest);
                best = (*window, number.map_or(0, |(number, _)| number));
                if lowest <= 0.0 {
                    break;
                }
            }
        }
        self.add(usize::from(best.1), &best.0, chances);
        best
    }

    /// By bucket: how much more would pass.
    fn added(&self, window: &Window, chances: &Chances) -> Each {
        let mut all = [1.0; BUCKETS];
        for (number, (place, passes)) in self.places.iter().zip(&self.passes).enumerate() {
            if let Some(bytes) = window.allowed(number) {
                let growths = place.growths(bytes, chances);
                for ((all, passes), growth) in all.iter_mut().zip(passes).zip(growths) {
                    *all *= passes + growth / WHOLE;
                }
            }
        }
        all.iter_mut().zip(&self.all).for_each(|(all, before)| *all -= before);
        all
    }

    fn add(&mut self, bucket: usize, window: &Window, chances: &Chances) {
        let mut all = 1.0;
        for (number, (place, passes)) in self.places.iter_mut().zip(&mut self.passes).enumerate() {
            let Some(passes) = passes.get_mut(bucket) else { return };
            match window.allowed(number) {
                Some(bytes) => {
                    *passes += get(&place.growths(bytes, chances), bucket) / WHOLE;
                    place.add(bucket, bytes, chances);
                }
                None => *passes = 1.0,
            }
            all *= *passes;
        }
        if let Some(before) = self.all.get_mut(bucket) {
            *before = all;
        }
    }
}

/// The lowest number, found in lanes.
fn lowest(each: &Each) -> f32 {
    let mut lanes = [f32::INFINITY; 8];
    let (chunks, _) = each.as_chunks::<8>();
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane = if value < *lane { value } else { *lane };
        }
    }
    lanes.into_iter().fold(f32::INFINITY, f32::min)
}

fn get(each: &Each, bucket: usize) -> f32 {
    each.get(bucket).copied().unwrap_or_default()
}

/// Bytes by themselves.
pub(crate) struct Whole {
    /// By byte and bucket: 1 if it is allowed there.
    has: Vec<Each>,
}

impl Default for Whole {
    fn default() -> Self {
        Self { has: vec![[0.0; BUCKETS]; 256] }
    }
}

impl Whole {
    fn of(&self, byte: u8) -> &Each {
        self.has.get(usize::from(byte)).unwrap_or(&NONE)
    }
}

impl Place for Whole {
    #[inline(always)]
    fn growths(&self, [one, other]: [u8; 2], chances: &Chances) -> Each {
        let mut growths = [0.0; BUCKETS];
        let chance = |byte: u8| chances.get(byte >> 4, byte & 15);
        let (first, second) = (chance(one), if other == one { 0.0 } else { chance(other) });
        let has = self.of(one).iter().zip(self.of(other));
        for (growth, (one, other)) in growths.iter_mut().zip(has) {
            *growth = first * (1.0 - one) + second * (1.0 - other);
        }
        growths
    }

    fn add(&mut self, bucket: usize, bytes: [u8; 2], _: &Chances) {
        for byte in bytes {
            let row = self.has.get_mut(usize::from(byte));
            if let Some(has) = row.and_then(|row| row.get_mut(bucket)) {
                *has = 1.0;
            }
        }
    }
}

/// Lower and upper halves of bytes, each by themselves. All is by half, then by bucket.
#[derive(Default)]
pub(crate) struct Halves {
    /// 1 if the lower half is allowed.
    low: [[f32; BUCKETS]; 16],
    /// 1 if the upper half is allowed.
    high: [[f32; BUCKETS]; 16],
    /// By upper half: how often it is met with one of the lower halves.
    rows: [[f32; BUCKETS]; 16],
    /// By lower half: how often it is met with one of the upper halves.
    columns: [[f32; BUCKETS]; 16],
}

static NONE: Each = [0.0; BUCKETS];

fn row(rows: &[Each; 16], half: u8) -> &Each {
    rows.get(usize::from(half)).unwrap_or(&NONE)
}

fn is_set(rows: &[Each; 16], half: u8, bucket: usize) -> bool {
    get(row(rows, half), bucket) > 0.0
}

/// Adds to each half what it is met with, in one bucket.
fn grow(rows: &mut [Each; 16], bucket: usize, met: impl Fn(u8) -> f32) {
    for (row, half) in rows.iter_mut().zip(0_u8..) {
        if let Some(value) = row.get_mut(bucket) {
            *value += met(half);
        }
    }
}

fn set(rows: &mut [Each; 16], half: u8, bucket: usize) {
    if let Some(value) = rows.get_mut(usize::from(half)).and_then(|row| row.get_mut(bucket)) {
        *value = 1.0;
    }
}

impl Place for Halves {
    #[inline(always)]
    fn growths(&self, bytes: [u8; 2], chances: &Chances) -> Each {
        let [one, other] = bytes.map(|byte| byte >> 4);
        let low = bytes[0] & 15;
        let is_other = if other == one { 0.0 } else { 1.0 };
        let (first, second) = (chances.get(one, low), chances.get(other, low));
        let lows = row(&self.low, low).iter().zip(row(&self.columns, low));
        let ones = row(&self.high, one).iter().zip(row(&self.rows, one));
        let others = row(&self.high, other).iter().zip(row(&self.rows, other));
        let mut growths = [0.0; BUCKETS];
        for (((growth, (has_low, column)), (has_one, row)), (has_other, other_row)) in
            growths.iter_mut().zip(lows).zip(ones).zip(others)
        {
            let new = 1.0 - has_low;
            *growth = new * column
                + (1.0 - has_one) * (row + new * first)
                + is_other * (1.0 - has_other) * (other_row + new * second);
        }
        growths
    }

    fn add(&mut self, bucket: usize, bytes: [u8; 2], chances: &Chances) {
        for byte in bytes {
            let (low, high) = (byte & 15, byte >> 4);
            if !is_set(&self.low, low, bucket) {
                set(&mut self.low, low, bucket);
                grow(&mut self.rows, bucket, |high| chances.get(high, low));
            }
            if !is_set(&self.high, high, bucket) {
                set(&mut self.high, high, bucket);
                grow(&mut self.columns, bucket, |low| chances.get(high, low));
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
        let row = self.0.get(usize::from(upper));
        row.and_then(|row| row.get(usize::from(lower))).copied().unwrap_or_default()
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
            grown += halves.growths(bytes, &chances)[7];
            halves.add(7, bytes, &chances);
            let passes: f32 = (0..=255_u8)
                .filter(|byte| halves.low[usize::from(byte & 15)][7] > 0.0)
                .filter(|byte| halves.high[usize::from(byte >> 4)][7] > 0.0)
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
