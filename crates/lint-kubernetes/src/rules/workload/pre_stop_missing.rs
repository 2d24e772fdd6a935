use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::relations::Workloads;
use crate::{Check, served};

rule! {
    /// A pod is told to stop at the same moment at which it is taken out of its Services, and the
    /// load balancers hear of it a little later. A program that stops listening at once refuses the
    /// requests of these seconds, in each rollout. A hook that sleeps for a few seconds bridges
    /// them.
    ///
    /// A program that goes on serving for a while after `SIGTERM` needs no hook, which a manifest
    /// does not show, so the rule is off unless it is asked for.
    ///
    /// ```yaml bad
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
    /// #             ^^^ Deployment `shop/api` serves Service `shop/api`, and none of its containers has a `preStop` hook
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
    ///         lifecycle:
    ///           preStop:
    ///             sleep: {seconds: 5}
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
        id: "pre-stop-missing",
        summary: "pod behind a Service stops at once",
        remedy: "Add a `preStop` hook that sleeps a few seconds.",
        severity: Info,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/"],
        default: false,
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let workloads = Workloads::of(snapshot);
    let Some(served) = served::services(snapshot, &workloads) else { return };
    for (&workload, service) in workloads.iter().zip(served) {
        let Some(service) = service else { continue };
        let pod = workload.pod;
        let has_hook = pod.containers().any(|container| container.pre_stop().is_some());
        if has_hook || !pod.workload.is_controller() || !pod.is_long_running() {
            continue;
        }
        let Some(first) = pod.main_containers().next() else { continue };
        let message = format!(
            "{} serves {}, and none of its containers has a `preStop` hook",
            workload.object.view.display(),
            service.view.display()
        );
        out.report(workload.object.source(), first.name_span, message)
            .object(workload.object.path())
            .field("lifecycle.preStop");
    }
}
