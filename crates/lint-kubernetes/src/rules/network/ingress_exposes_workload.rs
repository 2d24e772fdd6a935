use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::exposure::Exposure;
use crate::relations::{backends, text};

rule! {
    /// An inventory for review: which workloads can be reached from outside by an Ingress or by a
    /// Service of type NodePort or LoadBalancer. Each of them needs authentication, limits and
    /// updates. Off by default, since an Ingress is made to do just that.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web}
    /// #                ^^^ Service `web` makes Pod `web` reachable from outside
    /// spec:
    ///   type: NodePort
    ///   selector: {app: web}
    ///   ports: [{port: 80}]
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, labels: {app: web}}
    /// spec:
    ///   containers: [{name: web, image: registry.example.com/web:1.4.0}]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web}
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{port: 80}]
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, labels: {app: web}}
    /// spec:
    ///   containers: [{name: web, image: registry.example.com/web:1.4.0}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-exposes-workload",
        summary: "ingress or service makes a workload reachable from outside",
        remedy: "Check that the workload is meant to be reached, and by whom.",
        severity: Info,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        default: false,
        security: true,
        peers: &["kubescape:C-0256", "kics:ingress_controller_exposes_workload"],
        controls: &[control::DNS_LOAD_BALANCER, control::NETWORK_POLICIES],
        references: &["https://kubernetes.io/docs/concepts/services-networking/ingress/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut exposure = None;
    for ingress in snapshot.of_kind("Ingress") {
        let view = ingress.view;
        if matches!(view.group(), "networking.k8s.io" | "extensions") {
            let exposure = exposure.get_or_insert_with(|| Exposure::of(snapshot));
            let services = backends(view).map(|backend| (view.namespace(), backend.name));
            exposure.tell(ingress, services, out);
        }
    }
    for service in snapshot.of_kind("Service").filter(|object| object.view.group().is_empty()) {
        let kind = service.view.spec().and_then(|spec| text(spec, "type"));
        if matches!(kind, Some("NodePort" | "LoadBalancer")) {
            let exposure = exposure.get_or_insert_with(|| Exposure::of(snapshot));
            exposure.tell_all(service, std::iter::once(service), out);
        }
    }
}
