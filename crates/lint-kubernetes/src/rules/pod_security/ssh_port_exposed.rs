use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;

rule! {
    /// A shell server in a container is a way in besides `kubectl exec`, with keys of its own that
    /// nobody rotates and without the API server's audit log. Ports 22 and 2222 are where such
    /// servers listen.
    ///
    /// A Git or file server that speaks SSH is fine; suppress the finding there with a reason.
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
    ///     - containerPort: 22
    /// #                    ^^ container `web` in Pod `shop/api` listens on port 22, which is for SSH
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector: {app: api}
    ///   ports:
    ///   - port: 80
    ///     targetPort: 2222
    /// #               ^^^^ Service `shop/api` leads to port 2222, which is for SSH
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
        id: "ssh-port-exposed",
        summary: "pod or service offers SSH",
        remedy: "Remove the server; use `kubectl exec` or `kubectl debug`.",
        severity: Low,
        check: Check::Object(check),
        peers: &["kube-linter:ssh-port", "kubescape:C-0042"],
        security: true,
        fragments: true,
        cwe: &[668],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/",
        ],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.is("", "Service") {
        let Some(ports) = object.at(&["spec", "ports"]) else { return };
        for port in ports.items().filter(|port| is_tcp(*port)) {
            // A number or name of a container's port goes before the Service's own.
            let target = field(port, "targetPort").or_else(|| field(port, "port"));
            if let Some((node, number)) = target.and_then(ssh) {
                let message =
                    format!("{} leads to port {number}, which is for SSH", object.display());
                out.report(node.span(), message).field("spec.ports.targetPort");
            }
        }
        return;
    }
    let Some(pod) = object.pod_template() else { return };
    for container in pod.containers() {
        for port in container.ports().filter(|port| is_tcp(*port)) {
            if let Some((node, number)) = field(port, "containerPort").and_then(ssh) {
                let message =
                    format!("{} listens on port {number}, which is for SSH", container.display());
                out.report(node.span(), message).field("ports.containerPort");
            }
        }
    }
}

fn is_tcp(port: Node<'_>) -> bool {
    field(port, "protocol").is_none_or(|protocol| protocol.text() == Some("TCP"))
}

fn ssh(node: Node<'_>) -> Option<(Node<'_>, i64)> {
    Some((node, node.as_i64().filter(|port| matches!(port, 22 | 2222))?))
}
