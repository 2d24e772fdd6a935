//! Which objects are stores, for rules about everything else.

use std::collections::HashSet;

use careen_kube_model::{Object, ObjectView};
use careen_model::{Snapshot, stores};

/// The objects of a snapshot that are stores: databases, caches, queues and their kin.
pub(crate) struct Keepers(HashSet<*const Object>);

impl Keepers {
    /// Of a snapshot.
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let stores = stores(snapshot);
        let objects = stores.iter().filter_map(|store| snapshot.at(store.place));
        Self(objects.map(|object| std::ptr::from_ref(object.view.object)).collect())
    }

    /// Whether an object of the same snapshot is one.
    pub(crate) fn has(&self, view: ObjectView<'_>) -> bool {
        self.0.contains(&std::ptr::from_ref(view.object))
    }
}
