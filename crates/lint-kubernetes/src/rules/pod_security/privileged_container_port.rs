use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// Only root, or a program with `NET_BIND_SERVICE`, may listen on a port below 1024 on most
    /// systems, so such a port is a sign that the container runs as root. A Service can map port 80
    /// to 8080.
    ///
    /// Recent runtimes let everyone listen on all ports of a pod, where it is fine; so this rule is
    /// off by default.
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
    ///     - containerPort: 80
    /// #                    ^^ container `web` in Pod `shop/api` listens on port 80, which may need root
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
        id: "privileged-container-port",
        summary: "container listens on a port below 1024",
        remedy: "Listen on a port above 1023 and map it in the Service.",
        severity: Low,
        check: Check::Container(check),
        peers: &["kube-linter:privileged-ports", "trivy:KSV-0117"],
        security: true,
        fragments: true,
        default: false,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for node in container.ports().filter_map(|port| field(port, "containerPort")) {
        let Some(port) = node.as_i64().filter(|port| (1..1024).contains(port)) else { continue };
        let message =
            format!("{} listens on port {port}, which may need root", container.display());
        out.report(node.span(), message).field("ports.containerPort").evidence(port.to_string());
    }
}
