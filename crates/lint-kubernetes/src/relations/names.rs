//! Objects by kind and name.

use std::collections::HashMap;

use careen_model::{ObjectRef, Snapshot, namespaces_agree};

/// Objects of one kind and name that are looked at; overlays make a handful.
const NAMESAKES: usize = 1000;

/// Objects of some kinds, by kind and name.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    by_name: HashMap<(&'a str, &'a str), Vec<ObjectRef<'a>>>,
}

impl<'a> Names<'a> {
    /// Indexes the objects of the kinds, each with its API group (empty for the core group).
    pub(crate) fn of(snapshot: &'a Snapshot, kinds: &[(&str, &str)]) -> Self {
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        for (group, kind) in kinds {
            for object in snapshot.of_kind(kind).filter(|object| object.view.group() == *group) {
                let name = (object.view.kind(), object.view.name());
                by_name.entry(name).or_default().push(object);
            }
        }
        Self { by_name }
    }

    /// The objects of that kind and name in agreeing namespaces.
    pub(crate) fn all<'s>(
        &'s self,
        kind: &'s str,
        namespace: Option<&'s str>,
        name: &'s str,
    ) -> impl Iterator<Item = ObjectRef<'a>> + use<'a, 's> {
        let found = self.by_name.get(&(kind, name)).map(Vec::as_slice).unwrap_or_default();
        found
            .iter()
            .take(NAMESAKES)
            .copied()
            .filter(move |object| namespaces_agree(object.view.namespace(), namespace))
    }

    /// Whether there is such an object.
    pub(crate) fn has(&self, kind: &str, namespace: Option<&str>, name: &str) -> bool {
        self.all(kind, namespace, name).next().is_some()
    }

    /// Whether there is any object at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }
}
