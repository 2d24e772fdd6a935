//! The loops over a text.

use fearless_simd::Simd;

use crate::Filter;
use crate::backend::Kind;
use crate::index::{Index, word_in};
use crate::queue::{Queue, Visit};
use crate::sieve::{Block, STEP, Sieve, Tables};

/// Searches with the instructions of the filter.
pub(crate) fn search(filter: &Filter, haystack: &[u8], visit: Visit<'_>) {
    let index = &filter.index;
    let queue = &mut Queue::new(index.reach(), visit);
    match (&filter.tables, filter.backend.0) {
        #[cfg(target_arch = "x86_64")]
        (Tables::Exact(sieve), Kind::Avx512(simd)) => {
            simd.vectorize(
                #[inline(always)]
                || blocks(&Vectors(simd, &**sieve), index, haystack, queue),
            );
        }
        #[cfg(target_arch = "x86_64")]
        (Tables::Nibbles(sieve), Kind::Avx2(simd)) => {
            simd.vectorize(
                #[inline(always)]
                || blocks(&Vectors(simd, &**sieve), index, haystack, queue),
            );
        }
        #[cfg(target_arch = "x86_64")]
        (Tables::Nibbles(sieve), Kind::Sse(simd)) => {
            simd.vectorize(
                #[inline(always)]
                || blocks(&Vectors(simd, &**sieve), index, haystack, queue),
            );
        }
        #[cfg(target_arch = "aarch64")]
        (Tables::Nibbles(sieve), Kind::Neon(simd)) => {
            simd.vectorize(
                #[inline(always)]
                || blocks(&Vectors(simd, &**sieve), index, haystack, queue),
            );
        }
        _ => blocks(&Everything, index, haystack, queue),
    }
    queue.finish();
}

/// Finds candidates in a block.
trait Sifter {
    fn sift(&self, block: &Block) -> u64;
}

/// A sieve and the proof that its instructions are there.
struct Vectors<'s, S, T>(S, &'s T);

impl<S: Simd, T: Sieve> Sifter for Vectors<'_, S, T> {
    #[inline(always)]
    fn sift(&self, block: &Block) -> u64 {
        self.1.sift(self.0, block)
    }
}

/// Every position is a candidate.
struct Everything;

impl Sifter for Everything {
    #[inline(always)]
    fn sift(&self, _: &Block) -> u64 {
        u64::MAX
    }
}

/// Sifts block by block. The last positions are sifted in a copy that zeros follow.
#[inline(always)]
fn blocks(sifter: &impl Sifter, index: &Index, haystack: &[u8], queue: &mut Queue<'_>) {
    let mut at = 0;
    while let Some(block) = haystack.get(at..).and_then(|rest| rest.first_chunk()) {
        let likely = index.likely(block, sifter.sift(block));
        if likely != 0 {
            confirm(index, haystack, at, block, likely, queue);
        }
        at += STEP;
    }
    while let Some(rest) = haystack.get(at..).filter(|rest| !rest.is_empty()) {
        let mut block: Block = [0; _];
        let count = rest.len().min(block.len());
        if let (Some(to), Some(from)) = (block.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        let likely = index.likely(&block, sifter.sift(&block));
        if likely != 0 {
            confirm(index, haystack, at, &block, likely, queue);
        }
        at += STEP;
    }
}

/// Looks for literals at the positions of a block that starts at `base`.
#[inline(never)]
fn confirm(
    index: &Index,
    haystack: &[u8],
    base: usize,
    block: &Block,
    mut likely: u64,
    queue: &mut Queue<'_>,
) {
    while likely != 0 {
        let at = likely.trailing_zeros();
        likely &= likely - 1;
        index.confirm(haystack, base + at as usize, word_in(block, at), queue);
    }
    queue.advance(base + STEP);
}
