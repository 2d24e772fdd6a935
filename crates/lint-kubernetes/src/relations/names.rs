//! Objects by kind and name.

use careen_model::{ObjectRef, Snapshot};

/// Objects of one kind and name that are looked at; overlays make a handful.
const NAMESAKES: usize = 1000;

/// Objects of some kinds, by kind and name.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    snapshot: &'a Snapshot,
    /// API group and kind.
    kinds: Vec<(&'a str, &'a str)>,
}

impl<'a> Names<'a> {
    /// The objects of the kinds, each with its API group (empty for the core group). The snapshot
    /// indexes them once for all checks.
    pub(crate) fn of(snapshot: &'a Snapshot, kinds: &[(&'a str, &'a str)]) -> Self {
        Self { snapshot, kinds: kinds.to_vec() }
    }

    /// The objects of that kind and name in agreeing namespaces.
    pub(crate) fn all<'s>(
        &'s self,
        kind: &'s str,
        namespace: Option<&'s str>,
        name: &'s str,
    ) -> impl Iterator<Item = ObjectRef<'a>> + use<'a, 's>
    where
        'a: 's,
    {
        let found = self.snapshot.named(kind, namespace, name).take(NAMESAKES);
        found.filter(move |object| {
            self.kinds.iter().any(|known| *known == (object.view.group(), object.view.kind()))
        })
    }

    /// Whether there is such an object.
    pub(crate) fn has(&self, kind: &str, namespace: Option<&str>, name: &str) -> bool {
        self.all(kind, namespace, name).next().is_some()
    }

    /// Whether there is any object at all.
    pub(crate) fn is_empty(&self) -> bool {
        !self.kinds.iter().any(|&(group, kind)| {
            self.snapshot.of_kind(kind).any(|object| object.view.group() == group)
        })
    }
}
