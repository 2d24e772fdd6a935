//! From the bytes at a candidate to the literals that stand there.

use crate::Literal;
use crate::queue::Queue;
use crate::sieve::Block;
use crate::window::{WIDTH, Window, key, key_mask, key_width};

/// Words of the bitmap: so many that a few thousand keys leave it all but empty.
const WORD_BITS: u32 = 10;
const WORDS: usize = 1 << WORD_BITS;
/// Bits of the hash that choose a chain of entries.
const CHAIN_BITS: u32 = 12;
const CHAINS: usize = 1 << CHAIN_BITS;

/// Long literals, those of a window's length, and those that are shorter.
const CLASSES: usize = 3;

/// Everything there is to know of the literals.
#[derive(Debug)]
pub(crate) struct Index {
    /// A Bloom filter of the keys, two bits each in one word.
    seen: Box<[u64; WORDS]>,
    /// Where the entries of a chain start; one more than there are chains.
    chains: Vec<u32>,
    /// By chain, then by key, then by number of the literal.
    entries: Vec<Entry>,
    /// The literals, one behind the other.
    pool: Vec<u8>,
    /// The masks of the classes of keys, the widest first. The last one stands again for each class
    /// that has no literals, so that there are always as many to look for.
    masks: [u64; CLASSES],
    /// How many classes have literals.
    classes: usize,
    /// The furthest that a window starts behind its literal's start.
    reach: usize,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    key: u64,
    literal: usize,
    /// Where the window starts in the literal.
    offset: usize,
    /// Where the literal stands in the pool.
    start: usize,
    end: usize,
    fold: bool,
}

/// The upper bits depend on all bytes of the key.
#[inline(always)]
fn hash(key: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The word of the bitmap and the two bits in it.
#[inline(always)]
fn bits(hash: u64) -> (usize, u64, u64) {
    let word = (hash >> (64 - WORD_BITS)) as usize % WORDS;
    (word, hash >> (58 - WORD_BITS) & 63, hash >> (52 - WORD_BITS) & 63)
}

fn chain(key: u64) -> usize {
    (hash(key) >> (64 - CHAIN_BITS)) as usize
}

impl Index {
    pub(crate) fn new(literals: &[Literal<'_>], windows: &[Window]) -> Self {
        let mut pool = Vec::with_capacity(literals.iter().map(|it| it.bytes.len()).sum());
        let mut seen = Box::new([0_u64; WORDS]);
        let mut entries = Vec::with_capacity(literals.len());
        let shortest = literals.iter().map(|it| it.bytes.len()).filter(|&length| length > 0).min();
        let mut masks = [0; CLASSES];
        for (number, (literal, window)) in literals.iter().zip(windows).enumerate() {
            // Short literals are so few that one length does for all of them.
            let (class, width) = match key_width(literal.bytes.len()) {
                0 => continue,
                width if width > WIDTH => (0, width),
                WIDTH => (1, WIDTH),
                width => (2, shortest.unwrap_or(width)),
            };
            let mask = key_mask(width);
            let key = key(word(literal.bytes, window.offset), mask);
            let (word, one, other) = bits(hash(key));
            if let Some(word) = seen.get_mut(word) {
                *word |= 1 << one | 1 << other;
            }
            if let Some(place) = masks.get_mut(class) {
                *place = mask;
            }
            let start = pool.len();
            pool.extend_from_slice(literal.bytes);
            let (offset, fold) = (window.offset, literal.fold);
            entries.push(Entry { key, literal: number, offset, start, end: pool.len(), fold });
        }
        masks.sort_unstable_by(|one: &u64, other| other.cmp(one));
        let classes = masks.iter().take_while(|mask| **mask != 0).count();
        let last = masks.get(classes.saturating_sub(1)).copied().unwrap_or_default();
        masks.iter_mut().skip(classes).for_each(|mask| *mask = last);
        entries.sort_unstable_by_key(|entry| (chain(entry.key), entry.key, entry.literal));
        let mut chains = vec![0_u32; CHAINS + 1];
        for entry in &entries {
            if let Some(count) = chains.get_mut(chain(entry.key) + 1) {
                *count += 1;
            }
        }
        let mut total = 0;
        for start in &mut chains {
            total += *start;
            *start = total;
        }
        let reach = entries.iter().map(|entry| entry.offset).max().unwrap_or(0);
        Self { seen, chains, entries, pool, masks, classes, reach }
    }

    /// The furthest that a literal starts before its window.
    pub(crate) fn reach(&self) -> usize {
        self.reach
    }

    /// Those of the block's candidates where a literal may have its window. Few that have none are
    /// left, and all that have one.
    #[inline(always)]
    pub(crate) fn likely(&self, block: &Block, mut candidates: u64) -> u64 {
        let mut likely = 0;
        while candidates != 0 {
            let at = candidates.trailing_zeros() % 64;
            candidates &= candidates - 1;
            likely |= u64::from(self.may_start(word_in(block, at))) << at;
        }
        likely
    }

    #[inline(always)]
    fn may_start(&self, word: u64) -> bool {
        let mut any = false;
        for mask in self.masks {
            any |= self.has(key(word, mask));
        }
        any
    }

    #[inline(always)]
    fn has(&self, key: u64) -> bool {
        let (word, one, other) = bits(hash(key));
        // `bits` gives no word beyond the last.
        let word = self.seen[word];
        word >> one & word >> other & 1 != 0
    }

    /// Adds the literals whose windows stand at the position.
    pub(crate) fn confirm(&self, haystack: &[u8], at: usize, word: u64, queue: &mut Queue<'_>) {
        for &mask in self.masks.iter().take(self.classes) {
            let key = key(word, mask);
            if !self.has(key) {
                continue;
            }
            for entry in self.chain(key) {
                if entry.key == key
                    && let Some(start) = at.checked_sub(entry.offset)
                    && self.stands(entry, haystack, start)
                {
                    queue.add(start, entry.literal);
                }
            }
        }
    }

    /// The entries with the key, among others.
    fn chain(&self, key: u64) -> &[Entry] {
        let number = chain(key);
        let bound = |number: usize| self.chains.get(number).map_or(0, |&bound| bound as usize);
        self.entries.get(bound(number)..bound(number + 1)).unwrap_or_default()
    }

    fn stands(&self, entry: &Entry, haystack: &[u8], start: usize) -> bool {
        let literal = self.pool.get(entry.start..entry.end).unwrap_or_default();
        let found = haystack.get(start..start.saturating_add(literal.len()));
        found.is_some_and(|found| {
            found == literal || entry.fold && found.eq_ignore_ascii_case(literal)
        })
    }
}

/// Eight bytes of the block from the position on, which is below 64.
#[inline(always)]
pub(crate) fn word_in(block: &Block, at: u32) -> u64 {
    word(block, (at % 64) as usize)
}

/// Eight bytes as a little-endian number; zeros follow the end.
#[inline(always)]
fn word(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}
