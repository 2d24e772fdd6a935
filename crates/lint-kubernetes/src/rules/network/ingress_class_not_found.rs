use std::collections::HashSet;

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::ingress::class_of;
use crate::nginx::is_ingress;
use crate::placeholder::is_placeholder;

rule! {
    /// An Ingress of a class that does not exist is taken up by no controller: it gets no address
    /// and serves nothing. It is fine where the controller's chart brings the class; a repository
    /// without any IngressClass is not judged.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: IngressClass
    /// metadata: {name: edge}
    /// spec: {controller: example.com/ingress}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop}
    /// spec:
    ///   ingressClassName: egde
    /// #                   ^^^^ Ingress `shop` is of class `egde`, which is not in the repository
    ///   defaultBackend: {service: {name: web, port: {number: 80}}}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: IngressClass
    /// metadata: {name: edge}
    /// spec: {controller: example.com/ingress}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop}
    /// spec:
    ///   ingressClassName: edge
    ///   defaultBackend: {service: {name: web, port: {number: 80}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-class-not-found",
        summary: "ingress is of a class that does not exist",
        remedy: "Name an IngressClass that the controller supplies.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Low,
        controls: &[control::DNS_LOAD_BALANCER],
        references: &["https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let classes = snapshot.of_kind("IngressClass").map(|class| class.view.name());
    let classes: HashSet<&str> = classes.filter(|name| !name.is_empty()).collect();
    if classes.is_empty() {
        return;
    }
    for ingress in snapshot.of_kind("Ingress").filter(|ingress| is_ingress(ingress.view)) {
        let Some((name, node)) = class_of(ingress.view) else { continue };
        if name.is_empty() || classes.contains(name) || is_placeholder(name) {
            continue;
        }
        let message = format!(
            "{} is of class `{name}`, which is not in the repository",
            ingress.view.display()
        );
        out.report(ingress.source(), node.span(), message).object(ingress.path()).evidence(name);
    }
}
