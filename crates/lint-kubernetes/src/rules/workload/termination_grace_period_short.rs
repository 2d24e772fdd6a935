use careen_kube_model::PodTemplate;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::relations::Workloads;
use crate::{Check, served};

/// Seconds that are enough for short requests.
const ENOUGH: i64 = 5;

rule! {
    /// Requests still arrive while the Services learn that a pod is going, and those that are on
    /// their way want an answer. With a grace period of less than five seconds they are cut off in
    /// each rollout.
    ///
    /// It is fine where every request is a matter of milliseconds and callers try again.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       terminationGracePeriodSeconds: 2
    /// #                                    ^ Deployment `shop/api` serves Service `shop/api` and is killed after 2 s
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector: {app: api}
    ///   ports:
    ///   - port: 80
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       terminationGracePeriodSeconds: 30
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector: {app: api}
    ///   ports:
    ///   - port: 80
    /// ```
    pub(crate) static RULE: Check = {
        id: "termination-grace-period-short",
        summary: "pod behind a Service has hardly time to end",
        remedy: "Raise `terminationGracePeriodSeconds` to what the longest request takes.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut pods = snapshot.objects().filter_map(|object| object.view.pod_template());
    if !pods.any(|pod| short(pod).is_some()) {
        return;
    }
    let workloads = Workloads::of(snapshot);
    let Some(served) = served::services(snapshot, &workloads) else { return };
    for (workload, service) in workloads.iter().zip(served) {
        let (Some(service), Some((seconds, node))) = (service, short(workload.pod)) else {
            continue;
        };
        let message = format!(
            "{} serves {} and is killed after {seconds} s",
            workload.object.view.display(),
            service.view.display()
        );
        out.report(workload.object.source(), node.span(), message)
            .object(workload.object.path())
            .field("spec.terminationGracePeriodSeconds");
    }
}

fn short(pod: PodTemplate<'_>) -> Option<(i64, Node<'_>)> {
    let node = pod.field("terminationGracePeriodSeconds")?;
    let seconds = node.as_i64().filter(|seconds| (1..ENOUGH).contains(seconds))?;
    Some((seconds, node))
}
