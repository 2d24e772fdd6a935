//! Workloads that Services send requests to.

use careen_model::{ObjectRef, Snapshot};

use crate::relations::{Workloads, selector_of};

/// The first Service that selects each workload, in the order of the workloads. None where too
/// much would have to be compared.
pub(crate) fn services<'a>(
    snapshot: &'a Snapshot,
    workloads: &Workloads<'a>,
) -> Option<Vec<Option<ObjectRef<'a>>>> {
    let mut served = vec![None; workloads.iter().len()];
    for service in snapshot.of_kind("Service").filter(|object| object.view.group().is_empty()) {
        let Some(selector) = selector_of(service.view) else { continue };
        for index in workloads.selected(service.view.namespace(), &selector)? {
            if let Some(place) = served.get_mut(index) {
                place.get_or_insert(service);
            }
        }
    }
    Some(served)
}
