use std::collections::HashMap;

use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::relations::Workloads;

rule! {
    /// Workloads that share an account have all rights that any of them needs, and the audit log
    /// does not tell them apart. Parts of one application that need the same rights may well share
    /// one, so the rule is off.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       serviceAccountName: shop
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: worker
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: worker}
    ///   template:
    ///     metadata:
    ///       labels: {app: worker}
    ///     spec:
    ///       serviceAccountName: shop
    /// #                         ^^^^ Deployment `shop/worker` shares ServiceAccount `shop` with Deployment `shop/web`
    ///       containers:
    ///       - name: worker
    ///         image: registry.example.com/worker:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       serviceAccountName: web
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: worker
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: worker}
    ///   template:
    ///     metadata:
    ///       labels: {app: worker}
    ///     spec:
    ///       serviceAccountName: worker
    ///       containers:
    ///       - name: worker
    ///         image: registry.example.com/worker:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-account-shared",
        summary: "workloads share a service account",
        remedy: "Give each workload a ServiceAccount of its own.",
        severity: Low,
        check: Check::Snapshot(check),
        peers: &["kics:shared_service_account"],
        security: true,
        cwe: &[250],
        controls: &[control::SERVICE_ACCOUNT],
        default: false,
        references: &["https://kubernetes.io/docs/concepts/security/service-accounts/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut first: HashMap<(Option<&str>, &str), ObjectRef<'_>> = HashMap::new();
    let workloads = Workloads::of(snapshot);
    for workload in workloads.iter() {
        let view = workload.object.view;
        let Some(node) = workload.pod.service_account_name() else { continue };
        let Some(name) = node.text().filter(|name| *name != "default") else { continue };
        let known = *first.entry((view.namespace(), name)).or_insert(workload.object);
        // Of bases and overlays the same workload comes again.
        if known.view.name() == view.name() {
            continue;
        }
        let message = format!(
            "{} shares ServiceAccount `{name}` with {}",
            view.display(),
            known.view.display()
        );
        let finding = out.report(workload.object.source(), node.span(), message);
        finding.object(workload.object.path()).field("spec.serviceAccountName").evidence(name);
        let message = format!("{} runs as it too", known.view.display());
        finding.related(known.source(), known.view.name_span(), message);
    }
}
