//! Entries of a mapping with merge keys applied.

use crate::arena::{HAS_MERGE, MERGE_KEY, NONE, OVERRIDDEN, RawKind};
use crate::node::Node;
use crate::tree::Tree;

/// Mappings that one mapping may merge in, directly and through others. More are left out.
const MAX_SOURCES: usize = 64;

/// Merge keys and list items looked at on the way.
const MAX_STEPS: usize = 256;

/// A key with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'t> {
    /// The key, usually a scalar.
    pub key: Node<'t>,
    /// The value.
    pub value: Node<'t>,
}

impl<'t> Entry<'t> {
    /// The key's text as written; none for keys that are collections.
    #[must_use]
    pub fn name(&self) -> Option<&'t str> {
        self.key.text()
    }

    fn new(tree: &'t Tree, key: u32) -> Option<Self> {
        let value = tree.value_of(key)?;
        Some(Self { key: Node::resolve(tree, key), value: Node::resolve(tree, value) })
    }
}

impl Tree {
    pub(crate) fn find_merged(&self, mapping: u32, key: &str) -> Option<Entry<'_>> {
        let raw = self.raw(mapping).filter(|raw| raw.kind == RawKind::Mapping)?;
        if let Some(key) = self.find_key(mapping, key) {
            return Entry::new(self, key);
        }
        if !raw.has(HAS_MERGE) {
            return None;
        }
        let sources = self.merge_sources(mapping);
        let found = sources.into_iter().find_map(|source| self.find_key(source, key))?;
        Entry::new(self, found)
    }

    /// The mappings that are merged into `mapping`, each once, those that count first in front.
    /// A mapping met a second time adds nothing, which also ends cycles.
    fn merge_sources(&self, mapping: u32) -> Vec<u32> {
        let mut sources = Vec::new();
        let mut stack = vec![mapping];
        let mut steps = 0;
        while let Some(node) = stack.pop() {
            steps += 1;
            if steps > MAX_STEPS || sources.len() > MAX_SOURCES {
                break;
            }
            let Some(raw) = self.raw(node) else { continue };
            let mut found = Vec::new();
            match raw.kind {
                RawKind::Sequence => {
                    let mut item = raw.data;
                    while let Some(raw) = self.raw(item) {
                        found.push(self.target(item));
                        item = raw.next;
                        if found.len() > MAX_SOURCES {
                            break;
                        }
                    }
                    // Only mappings may stand in the list: a list in a list could be cyclic.
                    found.retain(|&id| self.raw(id).is_some_and(|r| r.kind == RawKind::Mapping));
                }
                RawKind::Mapping => {
                    if sources.contains(&node) {
                        continue;
                    }
                    sources.push(node);
                    if raw.has(HAS_MERGE) {
                        self.merge_values(raw.data, &mut found);
                    }
                }
                RawKind::Scalar | RawKind::Alias => {}
            }
            stack.extend(found.into_iter().rev());
        }
        sources.retain(|&source| source != mapping);
        sources
    }

    fn merge_values(&self, first: u32, found: &mut Vec<u32>) {
        let mut key = first;
        while let Some(raw) = self.raw(key) {
            if raw.has(MERGE_KEY)
                && let Some(value) = self.value_of(key)
                && found.len() <= MAX_SOURCES
            {
                found.push(self.target(value));
            }
            key = self.raw(raw.next).map_or(NONE, |value| value.next);
        }
    }
}

/// The entries of a mapping as they count. Made by [`Node::entries`].
#[derive(Clone, Debug)]
pub struct Entries<'t> {
    tree: &'t Tree,
    mapping: u32,
    next: u32,
    /// The mapping itself, then what it merges in; read lazily.
    sources: Vec<u32>,
    current: usize,
}

impl<'t> Entries<'t> {
    pub(crate) fn new(tree: &'t Tree, id: u32) -> Self {
        let raw = tree.raw(id).filter(|raw| raw.kind == RawKind::Mapping);
        let next = raw.map_or(NONE, |raw| raw.data);
        Self { tree, mapping: id, next, sources: Vec::new(), current: 0 }
    }

    /// Whether the entry that comes next stands in another mapping.
    pub(crate) fn is_merging(&self) -> bool {
        self.current > 0
    }

    /// Whether a mapping further in front has this key.
    fn is_taken(&self, key: u32) -> bool {
        let Some(name) = self.tree.key_text(key) else { return false };
        let before = self.sources.iter().take(self.current.saturating_sub(1));
        std::iter::once(&self.mapping)
            .chain(before)
            .any(|&source| self.tree.find_key(source, name).is_some())
    }

    fn next_source(&mut self) -> Option<()> {
        if self.current == 0 {
            let raw = self.tree.raw(self.mapping)?;
            if raw.kind != RawKind::Mapping || !raw.has(HAS_MERGE) {
                return None;
            }
            self.sources = self.tree.merge_sources(self.mapping);
        }
        let source = *self.sources.get(self.current)?;
        self.current += 1;
        self.next = self.tree.raw(source)?.data;
        Some(())
    }
}

impl<'t> Iterator for Entries<'t> {
    type Item = Entry<'t>;

    fn next(&mut self) -> Option<Entry<'t>> {
        loop {
            let key = self.next;
            let Some(raw) = self.tree.raw(key) else {
                self.next_source()?;
                continue;
            };
            self.next = self.tree.raw(raw.next).map_or(NONE, |value| value.next);
            if raw.has(OVERRIDDEN | MERGE_KEY) || (self.current > 0 && self.is_taken(key)) {
                continue;
            }
            if let Some(entry) = Entry::new(self.tree, key) {
                return Some(entry);
            }
        }
    }
}
