use careen_kube_model::{ObjectView, Workload as Kind};
use careen_model::{Context, Snapshot};
use careen_rule::{Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Scalers, Workloads};

rule! {
    /// A Deployment with one pod is down whenever that pod is: when its node is drained, when it
    /// is evicted, when it crashes. Two pods on two nodes survive each of these.
    ///
    /// It is fine for software that must run once, which then says `strategy: {type: Recreate}`,
    /// and for what nobody waits for. Workloads that an autoscaler of the repository scales are
    /// left out, and so are those that a Kustomization or patch scales up.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replicas: 1
    /// #           ^ Deployment `shop/api` runs a single pod
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replicas: 2
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "replicas-too-few",
        summary: "workload runs a single pod",
        remedy: "Set `replicas` to 2 or more, or let an autoscaler decide.",
        severity: Medium,
        check: Check::Snapshot(check),
        peers: &[
            "kube-linter:minimum-three-replicas",
            "kube-score:deployment-replicas",
            "polaris:deploymentMissingReplicas",
        ],
        controls: &[control::AVAILABILITY],
        references: &[
            "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#replicas",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let workloads = Workloads::of(snapshot);
    let scalers = Scalers::of(snapshot);
    for &workload in workloads.iter() {
        let (object, pod) = (workload.object, workload.pod);
        if !matches!(pod.workload, Kind::Deployment | Kind::DeploymentConfig | Kind::Rollout) {
            continue;
        }
        let written = pod.replicas();
        let is_one = written.is_none_or(|node| node.as_i64() == Some(1));
        if !is_one
            || workloads.replicas(workload).is_some_and(|count| count != 1)
            || replaces_itself(object.view)
            || scalers.for_workload(workload).is_some()
        {
            continue;
        }
        let span = written.map_or_else(|| object.view.name_span(), |node| node.span());
        let mut path = object.path();
        path.field = Some("spec.replicas".to_owned());
        let message = format!("{} runs a single pod", object.view.display());
        let finding = out.report(object.source(), span, message).object(path);
        // Nobody waits for the answer of a worker.
        if !pod.containers().any(|container| container.ports().next().is_some()) {
            finding.severity(Severity::Low);
        }
    }
}

/// Whether the old pod ends before the new one starts: it is meant to run once.
fn replaces_itself(view: ObjectView<'_>) -> bool {
    view.at(&["spec", "strategy", "type"]).and_then(|node| node.text()) == Some("Recreate")
}
