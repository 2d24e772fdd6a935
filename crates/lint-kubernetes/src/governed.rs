//! Namespaces that something should govern.

use careen_model::Snapshot;
use careen_rule::SnapshotSink;

use crate::relations::Workloads;

/// Reports the Namespaces of the repository that have workloads and no object of a kind.
pub(crate) fn report(snapshot: &Snapshot, kind: &str, out: &mut SnapshotSink<'_>) {
    let mut namespaces = snapshot
        .of_kind("Namespace")
        .filter(|object| object.view.group().is_empty() && !object.view.name().is_empty())
        .peekable();
    if namespaces.peek().is_none() {
        return;
    }
    let workloads = Workloads::of(snapshot);
    let governed: std::collections::HashSet<Option<&str>> = snapshot
        .of_kind(kind)
        .filter(|object| object.view.group().is_empty())
        .map(|object| object.view.namespace())
        .collect();
    for namespace in namespaces {
        let name = Some(namespace.view.name());
        let is_governed = governed.contains(&name) || governed.contains(&None);
        if is_governed || !workloads.any_in(name) {
            continue;
        }
        let view = namespace.view;
        let message = format!("{} has workloads and no {kind}", view.display());
        out.report(namespace.source(), view.name_span(), message).object(namespace.path());
    }
}
