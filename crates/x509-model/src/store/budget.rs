//! What trying passwords on one store may cost.
//!
//! The budget is one store's own, not the run's: files are read in parallel, and were they to draw
//! on one purse, the order of threads would decide which stores are opened. So a run may cost as
//! many times [`MAX_ITERATIONS`] as there are stores in the repository.

/// Most applications of a hash over one store, all passwords and all parts together.
pub const MAX_ITERATIONS: u64 = 1_000_000;
/// Most memory of one derivation, in bytes. Scrypt is not run here at all, only judged.
pub const MAX_MEMORY: u64 = 64 << 20;

/// Work that may still be done.
pub(super) struct Budget {
    left: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: MAX_ITERATIONS }
    }
}

impl Budget {
    /// Pays for some work; false, and nothing is paid, where there is not enough left.
    pub(super) const fn spend(&mut self, iterations: u64) -> bool {
        match self.left.checked_sub(iterations) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}
