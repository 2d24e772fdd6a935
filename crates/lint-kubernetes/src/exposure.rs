//! Which workloads are reached from outside the cluster, and by what.

use std::collections::HashSet;

use careen_kube_model::ObjectView;
use careen_model::{ObjectRef, Snapshot};
use careen_rule::SnapshotSink;

use crate::gateway::Services;
use crate::relations::{Workload, Workloads, selector_of};

/// Workloads behind one object that are named.
const NAMED: usize = 20;

/// Finds the workloads behind Services.
pub(crate) struct Exposure<'a> {
    services: Services<'a>,
    workloads: Workloads<'a>,
}

impl<'a> Exposure<'a> {
    /// Indexes the Services and workloads of a snapshot.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        Self { services: Services::of(snapshot), workloads: Workloads::of(snapshot) }
    }

    /// The workloads that a Service sends traffic to.
    pub(crate) fn behind(&self, service: ObjectRef<'a>) -> Vec<Workload<'a>> {
        let Some(selector) = selector_of(service.view) else { return Vec::new() };
        self.workloads.selected_by(service.view.namespace(), &selector).unwrap_or_default()
    }

    /// Indexes of the workloads behind the Services of a name, in the order of [`Workloads`].
    pub(crate) fn indexes(&self, namespace: Option<&str>, name: &str) -> Vec<usize> {
        let mut found = Vec::new();
        for service in self.services.named(namespace, name).into_iter().take(NAMED) {
            let Some(selector) = selector_of(service.view) else { continue };
            let namespace = service.view.namespace();
            found.extend(self.workloads.selected(namespace, &selector).unwrap_or_default());
        }
        found
    }

    /// Tells which workloads `door` makes reachable through the Services of these names.
    pub(crate) fn tell<'n>(
        &self,
        door: ObjectRef<'a>,
        services: impl Iterator<Item = (Option<&'n str>, &'n str)>,
        out: &mut SnapshotSink<'_>,
    ) {
        let found = services.flat_map(|(namespace, name)| self.services.named(namespace, name));
        self.tell_all(door, found, out);
    }

    /// Tells which workloads `door` makes reachable through these Services.
    pub(crate) fn tell_all(
        &self,
        door: ObjectRef<'a>,
        services: impl Iterator<Item = ObjectRef<'a>>,
        out: &mut SnapshotSink<'_>,
    ) {
        let mut told = HashSet::new();
        for service in services.take(NAMED) {
            for workload in self.behind(service).into_iter().take(NAMED) {
                let name = workload.object.view.display().to_string();
                if !told.insert(name.clone()) {
                    continue;
                }
                let through = if service.view.object == door.view.object {
                    String::new()
                } else {
                    format!(" through {}", service.view.display())
                };
                let message =
                    format!("{} makes {name} reachable from outside{through}", door.view.display());
                out.report(door.source(), door.view.name_span(), message)
                    .object(door.path())
                    .evidence(name)
                    .related(
                        workload.object.source(),
                        workload.object.view.name_span(),
                        "the workload is here",
                    );
            }
        }
    }
}

/// Whether the load balancer of a Service, if it has one, is open to all addresses.
pub(crate) fn is_open(object: ObjectView<'_>) -> bool {
    let ranges = object.at(&["spec", "loadBalancerSourceRanges"]);
    let is_narrow = ranges.is_some_and(|ranges| {
        let mut open = ranges.items().filter_map(|range| range.text());
        ranges.items().next().is_some() && !open.any(|range| matches!(range, "0.0.0.0/0" | "::/0"))
    });
    !is_narrow && !is_internal(object)
}

/// Whether an annotation asks for an internal load balancer; every cloud has its own.
fn is_internal(object: ObjectView<'_>) -> bool {
    object.annotations().iter().any(|annotation| {
        annotation.value.eq_ignore_ascii_case("internal")
            || annotation.value.eq_ignore_ascii_case("intranet")
            || (annotation.key.contains("internal")
                && !annotation.value.is_empty()
                && !annotation.value.eq_ignore_ascii_case("false"))
    })
}
