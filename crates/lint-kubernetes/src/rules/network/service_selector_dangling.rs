use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Makers, Workloads, pairs, selector_of, short_span};

rule! {
    /// A Service whose selector matches no pod has no endpoints: every connection to it is refused
    /// or times out, and nothing else says so. Usually a label was renamed on one side. It is fine
    /// where the pods come from an operator or from another repository, and weighs little in a
    /// namespace with custom resources and in `kube-system`. It weighs more where a workload
    /// has the name of the Service or most of the labels, since that is what was meant.
    ///
    /// ```yaml bad file=deploy/service.yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     app: frontend
    /// #   ^^^^^^^^^^^^^ Service `shop/web` selects no pod
    ///     tier: web
    ///   ports:
    ///   - port: 80
    /// ```
    /// ```yaml bad file=deploy/web.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: {app: web, tier: web}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good file=deploy/service.yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     app: web
    ///   ports:
    ///   - port: 80
    /// ```
    /// ```yaml good file=deploy/web.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: {app: web, tier: web}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-selector-dangling",
        summary: "service selects no pod of the repository",
        remedy: "Make the selector match the labels of the pod template.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        aliases: &["service-selects-nothing"],
        peers: &[
            "kube-linter:dangling-service",
            "kube-score:service-targets-pod",
            "kubescape:C-0293",
            "kics:service_does_not_target_pod",
            "popeye:1100",
            "popeye:1105",
        ],
        controls: &[control::SERVICE_URLS, control::NETWORK_REACHABLE],
        references: &["https://kubernetes.io/docs/concepts/services-networking/service/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let workloads = Workloads::of(snapshot);
    let mut makers = None;
    for service in snapshot.of_kind("Service").filter(|object| object.view.group().is_empty()) {
        let view = service.view;
        let namespace = view.namespace();
        let Some(selector) = selector_of(view) else { continue };
        if selector.equalities().next().is_none() || !workloads.any_in(namespace) {
            continue;
        }
        let Some(selected) = workloads.selected(namespace, &selector) else { return };
        if !selected.is_empty() || workloads.is_patched_to_match(namespace, &selector) {
            continue;
        }
        let message =
            format!("{} selects no pod: none has {}", view.display(), pairs(selector.equalities()));
        let closest = workloads.meant(namespace, view.name(), &selector);
        let place = short_span(selector.node());
        let finding = out.report(service.source(), place, message);
        finding.object(service.path()).field("spec.selector");
        if let Some(closest) = closest {
            // That is what was meant.
            if closest.is_alike(view.name(), &selector) {
                finding.severity(Severity::High).confidence(Confidence::High);
                let name = closest.object.view.display();
                let shown = pairs(closest.labels.iter().map(|label| (label.key, label.value)));
                let message = format!("the pods of {name} have {shown}");
                let labels = closest.labels.node();
                let place = labels.map_or_else(|| closest.object.view.name_span(), short_span);
                finding.related(closest.object.source(), place, message);
                continue;
            }
        }
        if makers.get_or_insert_with(|| Makers::of(snapshot)).work_in(namespace) {
            finding.severity(Severity::Low).confidence(Confidence::Low);
        }
    }
}
