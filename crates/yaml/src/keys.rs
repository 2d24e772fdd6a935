//! Keys of a mapping: look-up and duplicates.

use crate::arena::{INDEXED, MERGE_KEY, NONE, OVERRIDDEN};
use crate::tree::Tree;

/// Mappings with more keys than this get a sorted index.
pub(crate) const SMALL: usize = 16;

impl Tree {
    /// The own key with this text that counts, merge keys not applied.
    pub(crate) fn find_key(&self, mapping: u32, wanted: &str) -> Option<u32> {
        let raw = self.raw(mapping)?;
        if raw.has(INDEXED) {
            let index = self.indexes.get(&mapping)?;
            let found = index
                .binary_search_by(|&key| self.key_text(key).unwrap_or_default().cmp(wanted))
                .ok()?;
            return index.get(found).copied();
        }
        let mut key = raw.data;
        while let Some(node) = self.raw(key) {
            if !node.has(OVERRIDDEN | MERGE_KEY) && self.key_text(key) == Some(wanted) {
                return Some(key);
            }
            key = self.value_of(key).and_then(|value| self.raw(value)).map_or(NONE, |v| v.next);
        }
        None
    }

    /// The value node next to a key node.
    pub(crate) fn value_of(&self, key: u32) -> Option<u32> {
        self.raw(key).map(|raw| raw.next).filter(|&value| value != NONE)
    }

    /// Marks overridden keys of a finished mapping, indexes it when large, and gives the keys that
    /// repeat an earlier one.
    pub(crate) fn settle_keys(&mut self, mapping: u32) -> Vec<u32> {
        let Some(raw) = self.raw(mapping).copied() else { return Vec::new() };
        if raw.len as usize / 2 <= SMALL {
            return self.settle_few(raw.data);
        }
        let mut keys = Vec::with_capacity(raw.len as usize / 2);
        let mut key = raw.data;
        while let Some(node) = self.raw(key) {
            if !node.has(MERGE_KEY) && self.key_text(key).is_some() {
                keys.push(key);
            }
            key = self.value_of(key).and_then(|value| self.raw(value)).map_or(NONE, |v| v.next);
        }
        keys.sort_by(|&a, &b| self.key_text(a).cmp(&self.key_text(b)).then(a.cmp(&b)));
        let mut index: Vec<u32> = Vec::with_capacity(keys.len());
        let mut repeated = Vec::new();
        for key in keys {
            match index.last_mut() {
                Some(last) if self.key_text(*last) == self.key_text(key) => {
                    let before = std::mem::replace(last, key);
                    self.flag(before, OVERRIDDEN);
                    repeated.push(key);
                }
                _ => index.push(key),
            }
        }
        self.flag(mapping, INDEXED);
        self.indexes.insert(mapping, index.into_boxed_slice());
        repeated.sort_unstable();
        repeated
    }

    fn settle_few(&mut self, first: u32) -> Vec<u32> {
        let mut seen = [NONE; SMALL];
        let mut count = 0;
        let mut repeated = Vec::new();
        let mut key = first;
        while let Some(node) = self.raw(key) {
            if !node.has(MERGE_KEY)
                && let Some(text) = self.key_text(key)
            {
                let before = seen.iter_mut().take(count);
                match before.into_iter().find(|before| self.key_text(**before) == Some(text)) {
                    Some(slot) => {
                        let before = std::mem::replace(slot, key);
                        self.flag(before, OVERRIDDEN);
                        repeated.push(key);
                    }
                    None => {
                        if let Some(slot) = seen.get_mut(count) {
                            *slot = key;
                            count += 1;
                        }
                    }
                }
            }
            key = self.value_of(key).and_then(|value| self.raw(value)).map_or(NONE, |v| v.next);
        }
        repeated
    }

    pub(crate) fn flag(&mut self, id: u32, flag: u8) {
        if let Some(raw) = self.nodes.get_mut(id as usize) {
            raw.flags |= flag;
        }
    }
}
