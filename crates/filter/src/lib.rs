//! Finds every occurrence of thousands of literals in a text at about the speed of memory.
//!
//! Each literal is represented by one of its windows of four bytes. A block of 64 positions is
//! sifted at once: every window belongs to one of 32 buckets, a table lookup per byte tells which
//! buckets allow that byte at that place of their windows, and where all four bytes agree on a
//! bucket there is a candidate. The bytes at a candidate, up to six, are looked up in a bitmap,
//! then in a hash table, and at last the whole literal is compared. So what is reported is exact,
//! whatever the processor can do; only how much is sifted out early depends on it.
//!
//! The crate knows nothing of what the literals mean, and contains no unsafe code: vectors come
//! from `fearless_simd`.

#![cfg_attr(
    not(target_arch = "x86_64"),
    allow(dead_code, reason = "only AVX-512 shuffles tables of 128 bytes")
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod backend;
mod bucket;
mod index;
mod kernel;
mod queue;
mod sieve;
#[cfg(test)]
mod tests;
mod window;

pub use backend::Backend;

use crate::index::Index;
use crate::sieve::Tables;

/// What is searched for.
#[derive(Clone, Copy, Debug)]
pub struct Literal<'l> {
    /// The bytes, at least one. The more there are, the faster they are sought; from three on it
    /// is fast.
    pub bytes: &'l [u8],
    /// Whether ASCII letters match in either case.
    pub fold: bool,
}

/// A set of literals, ready to search. It is a few dozen kilobytes large.
#[derive(Debug)]
pub struct Filter {
    tables: Tables,
    index: Index,
    backend: Backend,
}

impl Filter {
    /// Prepares the search; a literal is known by its index from then on. Empty literals are never
    /// found; a literal that is given twice is found twice.
    ///
    /// The work is linear in the literals.
    #[must_use]
    pub fn new(literals: &[Literal<'_>]) -> Self {
        Self::with_backend(literals, Backend::best())
    }

    /// Prepares a search with other instructions: for tests and measurements.
    #[must_use]
    pub fn with_backend(literals: &[Literal<'_>], backend: Backend) -> Self {
        let (tables, windows) = Tables::new(literals, backend);
        Self { tables, index: Index::new(literals, &windows), backend }
    }

    /// The instructions that are used.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Calls `visit` with the index and the start of every occurrence of every literal, those
    /// that overlap included: in order of their starts, and of their indices where those are
    /// equal.
    pub fn each(&self, haystack: &[u8], mut visit: impl FnMut(usize, usize)) {
        kernel::search(self, haystack, &mut visit);
    }
}
