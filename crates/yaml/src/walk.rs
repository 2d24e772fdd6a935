//! Walking a subtree within limits.

use crate::merge::Entries;
use crate::node::{Items, Node};

/// One step of a [`Walk`].
#[derive(Clone, Copy, Debug)]
pub struct Visit<'t> {
    /// The node.
    pub node: Node<'t>,
    /// Its key, where it is a mapping's value.
    pub key: Option<Node<'t>>,
    /// Collections above it within the walk.
    pub depth: usize,
    /// Whether an alias or merge key lies on the way to it.
    pub aliased: bool,
}

enum Children<'t> {
    Items(Items<'t>),
    Entries(Box<Entries<'t>>),
}

struct Frame<'t> {
    children: Children<'t>,
    aliased: bool,
}

/// A node and everything below it, parents first. Made by [`Node::walk`].
///
/// It ends even where the tree is cyclic or expands without measure: it goes no deeper than
/// [`crate::Limits::max_depth`] and stops going through aliases after
/// [`crate::Limits::max_alias_expansion`] nodes.
pub struct Walk<'t> {
    stack: Vec<Frame<'t>>,
    root: Option<Node<'t>>,
    max_depth: usize,
    budget: usize,
    exhausted: bool,
}

impl<'t> Walk<'t> {
    pub(crate) fn new(root: Node<'t>) -> Self {
        let limits = &root.tree().limits;
        Self {
            stack: Vec::new(),
            root: Some(root),
            max_depth: limits.max_depth,
            budget: limits.max_alias_expansion,
            exhausted: false,
        }
    }

    /// Whether something was left out because of a limit so far.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.exhausted
    }

    fn enter(&mut self, node: Node<'t>, aliased: bool) {
        let children = match node.kind() {
            crate::Kind::Scalar => return,
            crate::Kind::Sequence => Children::Items(node.items()),
            crate::Kind::Mapping => Children::Entries(Box::new(node.entries())),
        };
        if self.stack.len() >= self.max_depth {
            self.exhausted = true;
            return;
        }
        self.stack.push(Frame { children, aliased });
    }
}

impl<'t> Iterator for Walk<'t> {
    type Item = Visit<'t>;

    fn next(&mut self) -> Option<Visit<'t>> {
        if let Some(node) = self.root.take() {
            self.enter(node, false);
            return Some(Visit { node, key: None, depth: 0, aliased: false });
        }
        loop {
            let depth = self.stack.len();
            let frame = self.stack.last_mut()?;
            let (child, merged) = match &mut frame.children {
                Children::Items(items) => (items.next().map(|node| (node, None)), false),
                Children::Entries(entries) => {
                    let entry = entries.next();
                    (entry.map(|entry| (entry.value, Some(entry.key))), entries.is_merging())
                }
            };
            let aliased = frame.aliased || merged;
            let Some((node, key)) = child else {
                self.stack.pop();
                continue;
            };
            let aliased = aliased || node.is_alias();
            if aliased {
                if self.budget == 0 {
                    self.exhausted = true;
                    if frame.aliased || merged {
                        self.stack.pop();
                    }
                    continue;
                }
                self.budget -= 1;
            }
            self.enter(node, aliased);
            return Some(Visit { node, key, depth, aliased });
        }
    }
}

impl std::fmt::Debug for Walk<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Walk").field("depth", &self.stack.len()).finish_non_exhaustive()
    }
}
