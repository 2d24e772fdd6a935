use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A NodePort Service opens a port on every node of the cluster, past Ingress, TLS and
    /// whatever guards the front door; whoever reaches a node reaches the Service. It is fine for
    /// Services that an external load balancer of yours sends traffic to.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   type: NodePort
    /// #       ^^^^^^^^ Service `web` opens a port on every node
    ///   ports:
    ///   - port: 80
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   type: ClusterIP
    ///   ports:
    ///   - port: 80
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-type-nodeport",
        summary: "service opens a port on every node",
        remedy: "Use a ClusterIP Service behind an Ingress or a Gateway.",
        severity: Low,
        check: Check::Kind(&["Service"], check),
        fragments: true,
        security: true,
        cwe: &[668],
        peers: &[
            "kube-linter:exposed-services",
            "kube-score:service-type",
            "kics:service_type_is_nodeport",
            "popeye:1104",
        ],
        controls: &[control::NETWORK_POLICIES],
        references: &["https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !object.group().is_empty() {
        return;
    }
    let Some(node) = object.at(&["spec", "type"]) else { return };
    if node.text() == Some("NodePort") {
        let message = format!("{} opens a port on every node", object.display());
        out.report(node.span(), message).field("spec.type");
    }
}
