use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A `hostPort` opens a port on the address of the node, past Services and often past network
    /// policies. Two pods with the same port cannot share a node, so that a rollout waits until
    /// one is free.
    ///
    /// Node agents that are called at the node's address need it. In a pod on the node's network
    /// every port is one; that is reported by `host-network` instead.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     ports:
    ///     - containerPort: 8080
    ///       hostPort: 8080
    /// #               ^^^^ container `web` in Pod `shop/api` takes port 8080 of the node
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     ports:
    ///     - containerPort: 8080
    /// ```
    pub(crate) static RULE: Check = {
        id: "host-port",
        summary: "container takes a port of the node",
        remedy: "Remove `hostPort` and put a Service in front of the pod.",
        severity: Medium,
        check: Check::Container(check),
        peers: &[
            "polaris:hostPortSet",
            "checkov:CKV_K8S_26",
            "trivy:KSV-0024",
            "kubescape:C-0044",
            "kics:workload_host_port_not_specified",
            "pss:hostPorts",
        ],
        security: true,
        fragments: true,
        cwe: &[668],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    if container.pod.host_network().is_some() {
        return;
    }
    for node in container.ports().filter_map(|port| field(port, "hostPort")) {
        if let Some(port) = node.as_i64().filter(|&port| port != 0) {
            let message = format!("{} takes port {port} of the node", container.display());
            out.report(node.span(), message).field("ports.hostPort").evidence(port.to_string());
        }
    }
}
