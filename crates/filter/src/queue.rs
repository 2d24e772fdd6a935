//! Puts occurrences in order.
//!
//! They are found in the order of their windows, and which window stands for a literal depends on
//! the processor. What is told must not.

/// Who hears of an occurrence: the number of the literal, and where it starts.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(usize, usize);

/// How many occurrences wait before it is worth to sort them.
const BATCH: usize = 64;

/// Occurrences that may still have to let others pass.
pub(crate) struct Queue<'v> {
    /// Starts and numbers of literals.
    waiting: Vec<(usize, usize)>,
    /// Sorted when there are so many.
    batch: usize,
    reach: usize,
    visit: Visit<'v>,
}

impl<'v> Queue<'v> {
    /// A queue for literals that start at most `reach` bytes before their windows.
    pub(crate) fn new(reach: usize, visit: Visit<'v>) -> Self {
        Self { waiting: Vec::new(), batch: BATCH, reach, visit }
    }

    /// Takes an occurrence.
    pub(crate) fn add(&mut self, start: usize, literal: usize) {
        self.waiting.push((start, literal));
    }

    /// From now on no window starts before `at`.
    pub(crate) fn advance(&mut self, at: usize) {
        if self.waiting.len() < self.batch {
            return;
        }
        self.waiting.sort_unstable();
        let settled = at.saturating_sub(self.reach);
        let count = self.waiting.partition_point(|(start, _)| *start < settled);
        for (start, literal) in self.waiting.drain(..count) {
            (self.visit)(literal, start);
        }
        // Those that must wait on are not sorted again and again for each that joins them.
        self.batch = BATCH.max(2 * self.waiting.len());
    }

    /// No more windows.
    pub(crate) fn finish(&mut self) {
        self.batch = 0;
        self.reach = 0;
        self.advance(usize::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::Queue;

    #[test]
    fn occurrences_come_by_start_and_number() {
        let mut told = Vec::new();
        let mut visit = |literal, start| told.push((start, literal));
        let mut queue = Queue::new(5, &mut visit);
        for at in 0..1000 {
            queue.add(at + 5 - at % 6, at % 3);
            queue.advance(at + 6);
        }
        queue.finish();
        assert_eq!(told.len(), 1000);
        assert!(told.is_sorted());
    }
}
