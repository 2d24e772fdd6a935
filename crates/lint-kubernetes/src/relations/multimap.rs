//! Positions in a list, found by what their entries are called.

use std::hash::{BuildHasher, Hash, RandomState};

/// A map from keys to positions that keeps no key, only its hash, so that it may outlive the texts
/// it was made of. Whoever looks one up compares what stands at the positions: other keys may have
/// the same hash.
#[derive(Debug, Default)]
pub(crate) struct Multimap {
    /// Without a secret in the hash, a repository could be made in which all are the same.
    hasher: RandomState,
    entries: Vec<(u64, u32)>,
}

impl Multimap {
    /// Adds a position; [`Multimap::seal`] follows after all of them.
    pub(crate) fn note(&mut self, key: &impl Hash, at: usize) {
        if let Ok(at) = u32::try_from(at) {
            self.entries.push((self.hasher.hash_one(key), at));
        }
    }

    /// Makes positions ready to be found.
    pub(crate) fn seal(&mut self) {
        self.entries.sort_unstable();
        self.entries.dedup();
        self.entries.shrink_to_fit();
    }

    /// The positions of a key, in order, each once.
    pub(crate) fn get<K: Hash>(
        &self,
        key: &K,
    ) -> impl ExactSizeIterator<Item = usize> + Clone + use<'_, K> {
        let wanted = self.hasher.hash_one(key);
        let from = self.entries.partition_point(|(hash, _)| *hash < wanted);
        let rest = self.entries.get(from..).unwrap_or_default();
        let count = rest.partition_point(|(hash, _)| *hash == wanted);
        rest.get(..count).unwrap_or_default().iter().map(|(_, at)| *at as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::Multimap;

    #[test]
    fn positions_are_found_by_key() {
        let mut map = Multimap::default();
        for (at, key) in ["b", "a", "b", "b"].into_iter().enumerate() {
            map.note(&key, at);
        }
        map.note(&"b", 0);
        map.seal();
        assert_eq!(map.get(&"b").collect::<Vec<_>>(), [0, 2, 3]);
        assert_eq!(map.get(&"c").len(), 0);
    }
}
