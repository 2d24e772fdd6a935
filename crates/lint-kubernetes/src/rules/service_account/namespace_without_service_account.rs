use std::collections::BTreeSet;

use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;

rule! {
    /// In a namespace without an account of its own every pod runs as `default`, and no right can
    /// be given to one of them alone. Many namespaces have no pod that needs a right, and accounts
    /// are often made by charts, so the rule is off.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    /// #       ^^^^ Namespace `shop` has no service account of its own
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    /// ---
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// ```
    pub(crate) static RULE: Check = {
        id: "namespace-without-service-account",
        summary: "namespace has no service account of its own",
        remedy: "Add a ServiceAccount for each workload.",
        severity: Info,
        check: Check::Snapshot(check),
        peers: &["kubescape:C-0189"],
        security: true,
        cwe: &[250],
        controls: &[control::SERVICE_ACCOUNT],
        default: false,
        references: &["https://kubernetes.io/docs/concepts/security/service-accounts/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut used: BTreeSet<Option<&str>> = BTreeSet::new();
    for object in snapshot.of_kind("ServiceAccount").filter(|object| object.view.group().is_empty())
    {
        if object.view.name() != "default" {
            used.insert(object.view.namespace());
        }
    }
    // An account without a namespace may be for any of them.
    if used.contains(&None) {
        return;
    }
    for object in snapshot.of_kind("Namespace").filter(|object| object.view.group().is_empty()) {
        let view = object.view;
        let name = view.name();
        if name.is_empty() || name.starts_with("kube-") || used.contains(&Some(name)) {
            continue;
        }
        let message = format!("{} has no service account of its own", view.display());
        out.report(object.source(), view.name_span(), message).object(object.path());
    }
}
