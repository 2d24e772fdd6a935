use std::collections::BTreeMap;

use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;

rule! {
    /// Lists every namespace that objects are put into, at its first use, for a person who reviews
    /// whether the borders between teams and applications are the right ones. An inventory, so it
    /// must be asked for.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: limits
    ///   namespace: shop
    /// #            ^^^^ namespace `shop` is used by 2 objects
    /// data: {rate: "10"}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: prices
    ///   namespace: shop
    /// data: {currency: EUR}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: limits
    /// data: {rate: "10"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "namespace-inventory",
        summary: "namespace is in use",
        remedy: "Review whether what shares a namespace belongs together.",
        severity: Info,
        check: Check::Snapshot(check),
        peers: &["kubescape:C-0209", "kics:ensure_administrative_boundaries_between_resources"],
        controls: &[control::NAMESPACE_DECLARED],
        references: &[
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
        ],
        default: false,
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut namespaces = BTreeMap::new();
    for object in snapshot.objects() {
        if let Some(namespace) = object.view.namespace() {
            namespaces.entry(namespace).or_insert((object, 0)).1 += 1;
        }
    }
    for (namespace, (object, count)) in namespaces {
        let Some(node) = object.view.at(&["metadata", "namespace"]) else { continue };
        let objects = if count == 1 { "object" } else { "objects" };
        let message = format!("namespace `{namespace}` is used by {count} {objects}");
        out.report(object.source(), node.span(), message).object(object.path()).evidence(namespace);
    }
}
