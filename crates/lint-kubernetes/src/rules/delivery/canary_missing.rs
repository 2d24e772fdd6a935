use careen_kube_model::Workload;
use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::doors::doors;
use crate::progressive::{Guide, guide_of, guides};
use crate::relations::Workloads;

rule! {
    /// A Deployment replaces its pods until all users are on the new version; whether that version
    /// works is seen when all of them have it. A Rollout of Argo or a Canary of Flagger sends it a
    /// small share of the requests first, and goes on when the share does well.
    ///
    /// Deployments are looked at that an Ingress, a route of a gateway or a load balancer leads to.
    /// Must be asked for: small services do without.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// #       ^^^ Deployment `shop/web`, which Ingress `shop/web` leads to, is released to all users at once: no Rollout or Canary takes care of it
    ///   namespace: shop
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{port: 80}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   defaultBackend: {service: {name: web, port: {number: 80}}}
    /// ```
    /// ```yaml good
    /// apiVersion: argoproj.io/v1alpha1
    /// kind: Rollout
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   strategy:
    ///     canary:
    ///       steps:
    ///       - setWeight: 5
    ///       - pause: {duration: 10m}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   type: LoadBalancer
    ///   selector: {app: web}
    ///   ports: [{port: 80}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "canary-missing",
        summary: "workload that users reach is released to all of them at once",
        remedy: "Make it a Rollout with canary steps, or add a Canary of Flagger for it.",
        severity: Low,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::CANARY_STRATEGY],
        references: &[
            "https://argo-rollouts.readthedocs.io/en/stable/features/canary/",
            "https://docs.flagger.app/usage/deployment-strategies",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let workloads = Workloads::of(snapshot);
    let guides: Vec<Guide<'_>> = guides(snapshot).collect();
    for (workload, door) in workloads.iter().zip(doors(snapshot, &workloads)) {
        let (Some(door), Workload::Deployment) = (door, workload.pod.workload) else { continue };
        let view = workload.object.view;
        if guide_of(&guides, view).is_some() {
            continue;
        }
        let message = format!(
            "{}, which {} leads to, is released to all users at once: no Rollout or Canary takes \
             care of it",
            view.display(),
            door.view.display()
        );
        out.report(workload.object.source(), view.name_span(), message)
            .object(workload.object.path())
            .related(door.source(), door.view.name_span(), "users come in here");
    }
}
