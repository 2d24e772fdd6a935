use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;

rule! {
    /// `externalTrafficPolicy` says what happens to traffic that enters at a node. With `Local` a
    /// NodePort answers only on nodes that run a pod of the Service, so that clients of the other
    /// nodes get nothing. With `Cluster` a load balancer's traffic takes a second hop and loses the
    /// address of the client. On a Service without an external address the API server refuses the
    /// field. `Local` is fine for a NodePort behind a balancer that checks the nodes' health.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web}
    /// spec:
    ///   type: NodePort
    ///   externalTrafficPolicy: Local
    /// #                        ^^^^^ Service `web` answers only on nodes that run one of its pods
    ///   ports: [{port: 80}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: api}
    /// spec:
    ///   externalTrafficPolicy: Local
    /// #                        ^^^^^ Service `api` is of type ClusterIP, for which `externalTrafficPolicy` is refused
    ///   ports: [{port: 80}]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web}
    /// spec:
    ///   type: LoadBalancer
    ///   externalTrafficPolicy: Local
    ///   ports: [{port: 80}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-external-traffic-policy",
        summary: "external traffic policy does not suit the service's type",
        remedy: "Use `Local` for load balancers and `Cluster` for node ports.",
        severity: Low,
        check: Check::Kind(&["Service"], check),
        peers: &["popeye:1107", "popeye:1108"],
        controls: &[control::DNS_LOAD_BALANCER],
        references: &["https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !object.group().is_empty() {
        return;
    }
    let Some(node) = object.at(&["spec", "externalTrafficPolicy"]) else { return };
    let written = object.at(&["spec", "type"]).and_then(|node| node.text());
    // Without a type and without ports this is a patch of some other Service.
    if written.is_none() && object.at(&["spec", "ports"]).is_none() {
        return;
    }
    let kind = written.unwrap_or("ClusterIP");
    let has_external =
        object.at(&["spec", "externalIPs"]).is_some_and(|list| list.items().next().is_some());
    let (severity, why) = match (kind, node.text().unwrap_or_default()) {
        ("NodePort", "Local") => {
            (Severity::Low, "answers only on nodes that run one of its pods".to_owned())
        }
        ("LoadBalancer", "Cluster") => {
            (Severity::Info, "hides the addresses of its clients from its pods".to_owned())
        }
        ("ClusterIP" | "ExternalName", value) if !value.is_empty() && !has_external => {
            let why = format!("is of type {kind}, for which `externalTrafficPolicy` is refused");
            (Severity::High, why)
        }
        _ => return,
    };
    out.report(node.span(), format!("{} {why}", object.display()))
        .severity(severity)
        .field("spec.externalTrafficPolicy");
}
