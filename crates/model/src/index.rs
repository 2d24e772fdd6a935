//! What checks derive from a snapshot, derived once for all of them.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::{Place, Snapshot};

type Cell = Arc<OnceLock<Arc<dyn Any + Send + Sync>>>;

/// Indexes by their type. Checks run in parallel: the first to ask builds, the others wait.
#[derive(Default)]
pub(crate) struct Indexes(Mutex<BTreeMap<TypeId, Cell>>);

impl Indexes {
    pub(crate) fn get<T: Any + Send + Sync>(&self, build: impl Fn() -> T) -> Arc<T> {
        let cell = {
            // A panic elsewhere leaves the map as it is: cells are only added.
            let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(cells.entry(TypeId::of::<T>()).or_default())
        };
        let index = Arc::clone(cell.get_or_init(|| Arc::new(build())));
        // A cell holds what its type says, so that nothing is built twice.
        index.downcast().unwrap_or_else(|_| Arc::new(build()))
    }
}

impl fmt::Debug for Indexes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Indexes").finish_non_exhaustive()
    }
}

/// Places of objects by a hash of kind and name. Whoever looks one up compares the names.
pub(crate) struct Names {
    /// Without a secret in the hash, a repository could be made in which all are the same.
    hasher: RandomState,
    places: Vec<(u64, Place)>,
}

impl Names {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let hasher = RandomState::new();
        let mut places: Vec<_> = snapshot
            .places()
            .map(|(place, object)| (hash(&hasher, object.view.kind(), object.view.name()), place))
            .collect();
        places.sort_unstable();
        Self { hasher, places }
    }

    /// The places that may hold that kind and name, in order.
    pub(crate) fn places(
        self: Arc<Self>,
        kind: &str,
        name: &str,
    ) -> impl Iterator<Item = Place> + use<> {
        let wanted = hash(&self.hasher, kind, name);
        let first = self.places.partition_point(|(hash, _)| *hash < wanted);
        (first..).map_while(move |at| {
            self.places.get(at).filter(|(hash, _)| *hash == wanted).map(|(_, place)| *place)
        })
    }
}

fn hash(hasher: &RandomState, kind: &str, name: &str) -> u64 {
    hasher.hash_one((kind, name))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use careen_text::Source;

    use crate::{Snapshot, parse};

    static BUILT: AtomicUsize = AtomicUsize::new(0);

    struct Count(usize);

    #[test]
    fn an_index_is_built_once() {
        let snapshot = Snapshot::new(Vec::new());
        let build = |snapshot: &Snapshot| {
            BUILT.fetch_add(1, Ordering::Relaxed);
            Count(snapshot.files().len())
        };
        let (first, second) = (snapshot.index(build), snapshot.index(build));
        assert!(Arc::ptr_eq(&first, &second));
        assert_eq!((first.0, BUILT.load(Ordering::Relaxed)), (0, 1));
    }

    #[test]
    fn names_find_objects_in_order() {
        let text = "
{apiVersion: v1, kind: Secret, metadata: {name: a, namespace: x}}
---
{apiVersion: v1, kind: Secret, metadata: {name: a}}
---
{apiVersion: v1, kind: Secret, metadata: {name: b}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
";
        let snapshot = Snapshot::new(
            ["b.yaml", "a.yaml"].map(|path| parse(Source::new(path, text), path)).into(),
        );
        let found = |namespace, name| {
            let found = snapshot.named("Secret", namespace, name);
            found.map(|found| (found.source().path().to_owned(), found.index)).collect::<Vec<_>>()
        };
        let place = |path: &str, index| (path.to_owned(), index);
        assert_eq!(found(Some("y"), "a"), [place("a.yaml", 1), place("b.yaml", 1)]);
        assert_eq!(found(None, "a").len(), 4);
        assert!(found(None, "c").is_empty());
    }
}
