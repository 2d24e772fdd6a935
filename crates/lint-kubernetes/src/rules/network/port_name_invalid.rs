use careen_kube_model::{IntOrString, ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::placeholder::is_placeholder;
use crate::port_name::problem;

rule! {
    /// The names of container ports, and what refers to them, have at most 15 lower-case letters,
    /// digits and dashes, with at least one letter. The API server refuses anything else. The most
    /// common case is a quoted number: `targetPort: "8080"` is a name, and no valid one.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web}
    /// spec:
    ///   selector: {app: web}
    ///   ports:
    ///   - {port: 80, targetPort: "8080"}
    /// #                          ^^^^^^ port name `8080` in Service `web` needs a letter
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, labels: {app: web}}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     ports:
    ///     - {name: Web_Port, containerPort: 8080}
    /// #            ^^^^^^^^ port name `Web_Port` in container `web` in Pod `web` may hold lower-case letters
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web}
    /// spec:
    ///   selector: {app: web}
    ///   ports:
    ///   - {port: 80, targetPort: 8080}
    ///   - {port: 81, targetPort: web-port}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, labels: {app: web}}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     ports:
    ///     - {name: web-port, containerPort: 8080}
    /// ```
    pub(crate) static RULE: Check = {
        id: "port-name-invalid",
        summary: "name of a port is not valid",
        remedy: "Use at most 15 lower-case letters, digits and dashes; write numbers without quotes.",
        severity: High,
        check: Check::Object(check),
        fragments: true,
        peers: &["kube-linter:invalid-target-ports", "kube-score:container-ports-check"],
        controls: &[control::MANIFESTS_VALID, control::SERVICE_URLS],
        references: &["https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.is("", "Service") {
        let ports = object.at(&["spec", "ports"]);
        for port in ports.iter().flat_map(Node::items) {
            if let Some(node) = field(port, "targetPort")
                && let Some(IntOrString::String(name)) = IntOrString::of(node)
            {
                judge(name, node, &object.display(), out);
            }
        }
        return;
    }
    let Some(pod) = object.pod_template() else { return };
    for container in pod.containers() {
        for node in container.ports().filter_map(|port| field(port, "name")) {
            if let Some(name) = node.as_str() {
                judge(name, node, &container.display(), out);
            }
        }
        for probe in container.probes() {
            for handler in ["httpGet", "tcpSocket"] {
                let node = field(probe.node, handler).and_then(|handler| field(handler, "port"));
                if let Some(node) = node
                    && let Some(IntOrString::String(name)) = IntOrString::of(node)
                {
                    judge(name, node, &container.display(), out);
                }
            }
        }
    }
}

fn judge(name: &str, node: Node<'_>, holder: &dyn std::fmt::Display, out: &mut Sink<'_>) {
    let Some(problem) = problem(name).filter(|_| !name.is_empty() && !is_placeholder(name)) else {
        return;
    };
    let shown = crate::place::cut(name);
    out.report(node.span(), format!("port name `{shown}` in {holder} {problem}")).evidence(shown);
}
