//! Tables that tell, for 64 positions at once, where a window may start.
//!
//! A table maps a byte at one place of a window to the set of buckets that allow it there. Four
//! tables of eight buckets each, four planes, stand for all of them.

use fearless_simd::{Simd, prelude::*, u8x16, u8x64};

use crate::Literal;
use crate::backend::{Backend, Kind};
use crate::bucket::{BUCKETS, Halves, Whole, assign};
use crate::window::{WIDTH, Window};

/// Positions in a block.
pub(crate) const STEP: usize = 64;
/// A block, and after it as much as a window and a key that start in it may need.
pub(crate) type Block = [u8; STEP + 8];

const PLANES: usize = BUCKETS / 8;

/// Looks at one block.
pub(crate) trait Sieve {
    /// The positions of the block where a window may start, as bits from the lowest on. Every
    /// window that is there is among them.
    fn sift<S: Simd>(&self, simd: S, block: &Block) -> u64;
}

/// The tables that a backend uses.
#[derive(Debug)]
pub(crate) enum Tables {
    Nibbles(Box<Nibbles>),
    Exact(Box<Exact>),
    None,
}

impl Tables {
    /// The tables, and the window of each literal.
    pub(crate) fn new(literals: &[Literal<'_>], backend: Backend) -> (Self, Vec<Window>) {
        let (tables, windows) = match backend.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => {
                let windows = assign::<Whole>(literals);
                (Self::Exact(Box::new(Exact::new(&windows))), windows)
            }
            Kind::Scalar => (Self::None, assign::<Halves>(literals)),
            #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
            _ => {
                let windows = assign::<Halves>(literals);
                (Self::Nibbles(Box::new(Nibbles::new(&windows))), windows)
            }
        };
        (tables, windows.into_iter().map(|(window, _)| window).collect())
    }
}

/// Tables by halves of a byte: coarse, and a shuffle of 16 bytes does it.
#[derive(Debug)]
pub(crate) struct Nibbles {
    /// By place and plane: for the lower half, for the upper half.
    tables: [[[[u8; 16]; 2]; PLANES]; WIDTH],
}

/// Tables by whole bytes without their highest bit: for processors that shuffle 128 bytes.
#[derive(Debug)]
pub(crate) struct Exact {
    /// By place and plane: for bytes below 64, for those above.
    tables: [[[[u8; 64]; 2]; PLANES]; WIDTH],
}

/// All entries of the windows: the place, the plane, the byte if not any, and the bucket's bit.
fn entries(windows: &[(Window, u8)]) -> impl Iterator<Item = (usize, usize, Option<u8>, u8)> {
    windows.iter().filter(|(window, _)| window.width > 0).flat_map(|(window, bucket)| {
        let (plane, bit) = (usize::from(bucket / 8), 1 << (bucket % 8));
        (0..WIDTH).flat_map(move |place| {
            let bytes = match window.allowed(place) {
                Some([one, other]) => [Some(one), Some(other)],
                None => [None, None],
            };
            bytes.into_iter().map(move |byte| (place, plane, byte, bit))
        })
    })
}

impl Nibbles {
    fn new(windows: &[(Window, u8)]) -> Self {
        let mut tables = [[[[0; 16]; 2]; PLANES]; WIDTH];
        for (place, plane, byte, bit) in entries(windows) {
            let Some([low, high]) = tables.get_mut(place).and_then(|it| it.get_mut(plane)) else {
                continue;
            };
            mark(low, byte.map(|byte| byte & 15), bit);
            mark(high, byte.map(|byte| byte >> 4), bit);
        }
        Self { tables }
    }
}

impl Exact {
    fn new(windows: &[(Window, u8)]) -> Self {
        let mut tables = [[[[0; 64]; 2]; PLANES]; WIDTH];
        for (place, plane, byte, bit) in entries(windows) {
            let Some([low, high]) = tables.get_mut(place).and_then(|it| it.get_mut(plane)) else {
                continue;
            };
            match byte {
                Some(byte) if byte & 64 == 0 => mark(low, Some(byte & 63), bit),
                Some(byte) => mark(high, Some(byte & 63), bit),
                None => {
                    mark(low, None, bit);
                    mark(high, None, bit);
                }
            }
        }
        Self { tables }
    }
}

/// Sets the bit in one entry, or in all of them.
fn mark(table: &mut [u8], entry: Option<u8>, bit: u8) {
    match entry {
        Some(entry) => table.iter_mut().skip(usize::from(entry)).take(1).for_each(|it| *it |= bit),
        None => table.iter_mut().for_each(|it| *it |= bit),
    }
}

/// The bytes of the block from `place` on.
#[inline(always)]
fn load<S: Simd>(simd: S, block: &Block, place: usize) -> u8x64<S> {
    let bytes = block.get(place..).and_then(|rest| rest.first_chunk());
    u8x64::load_array(simd, bytes.copied().unwrap_or([0; STEP]))
}

/// The bits of the positions where some bucket is left.
#[inline(always)]
fn left<S: Simd>([one, two, three, four]: [u8x64<S>; PLANES]) -> u64 {
    !((one | two) | (three | four)).simd_eq(0).to_bitmask()
}

impl Sieve for Nibbles {
    #[inline(always)]
    fn sift<S: Simd>(&self, simd: S, block: &Block) -> u64 {
        let mut planes = [u8x64::splat(simd, u8::MAX); PLANES];
        for (place, tables) in self.tables.iter().enumerate() {
            let bytes = load(simd, block, place);
            let (lower, upper) = (bytes & 15, bytes >> 4);
            for (plane, [low, high]) in planes.iter_mut().zip(tables) {
                let low = u8x64::block_splat(u8x16::load_array_ref(simd, low));
                let high = u8x64::block_splat(u8x16::load_array_ref(simd, high));
                let low = low.swizzle_dyn_within_blocks(lower);
                let high = high.swizzle_dyn_within_blocks(upper);
                *plane &= low & high;
            }
        }
        left(planes)
    }
}

impl Sieve for Exact {
    #[inline(always)]
    fn sift<S: Simd>(&self, simd: S, block: &Block) -> u64 {
        let mut planes = [u8x64::splat(simd, u8::MAX); PLANES];
        for (place, tables) in self.tables.iter().enumerate() {
            // The tables wrap around for bytes that are no ASCII.
            let bytes = load(simd, block, place) & 127;
            for (plane, [low, high]) in planes.iter_mut().zip(tables) {
                let low = u8x64::load_array_ref(simd, low);
                let high = u8x64::load_array_ref(simd, high);
                *plane &= low.concat_swizzle_dyn(high, bytes);
            }
        }
        left(planes)
    }
}
