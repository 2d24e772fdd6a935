use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::ingress::{class_of, serves};
use crate::nginx::is_ingress;
use crate::relations::Names;

rule! {
    /// An Ingress without a class is taken up by the cluster's default controller, by every
    /// controller that looks after such Ingresses, or by none: what happens depends on the cluster
    /// and changes with it. It is fine in a cluster whose IngressClass is marked as the default; a
    /// repository that has such a class is not judged.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop}
    /// #                ^^^^ Ingress `shop` names no class
    /// spec:
    ///   defaultBackend: {service: {name: web, port: {number: 80}}}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop}
    /// spec:
    ///   ingressClassName: edge
    ///   defaultBackend: {service: {name: web, port: {number: 80}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-class-missing",
        summary: "ingress names no class",
        remedy: "Set `spec.ingressClassName`.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::DNS_LOAD_BALANCER],
        references: &["https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    const DEFAULT: &str = "ingressclass.kubernetes.io/is-default-class";
    let has_default = || {
        snapshot
            .of_kind("IngressClass")
            .any(|class| class.view.annotations().get(DEFAULT) == Some("true"))
    };
    let mut ingresses = None;
    for ingress in snapshot.of_kind("Ingress").filter(|ingress| is_ingress(ingress.view)) {
        let view = ingress.view;
        if class_of(view).is_some() || !serves(view) {
            continue;
        }
        // The class may stand in the base or the overlay that this one is the other half of.
        let Some(ingresses) = ingresses
            .get_or_insert_with(|| {
                let group = "networking.k8s.io";
                (!has_default()).then(|| Names::of(snapshot, &[(group, "Ingress")]))
            })
            .as_ref()
        else {
            return;
        };
        let mut namesakes = ingresses.all("Ingress", view.namespace(), view.name());
        if namesakes.any(|other| class_of(other.view).is_some()) {
            continue;
        }
        out.report(
            ingress.source(),
            view.name_span(),
            format!("{} names no class", view.display()),
        )
        .object(ingress.path())
        .field("spec.ingressClassName");
    }
}
