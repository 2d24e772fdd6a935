use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::text;

rule! {
    /// The ports of one container need different names, and numbers from 1 to 65535: the API
    /// server refuses the pod otherwise. A name is how Services and probes find the port, so two
    /// ports of one name would be a matter of chance.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     ports:
    ///     - {name: http, containerPort: 8080}
    ///     - {name: http, containerPort: 8081}
    /// #            ^^^^ container `web` in Pod `web` has two ports of the name `http`
    ///     - {name: zero, containerPort: 0}
    /// #                                 ^ container `web` in Pod `web` declares port 0
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     ports:
    ///     - {name: http, containerPort: 8080}
    ///     - {name: metrics, containerPort: 8081}
    /// ```
    pub(crate) static RULE: Check = {
        id: "container-port-duplicate-name",
        summary: "two ports of a container share a name, or a port is out of range",
        remedy: "Give each port its own name and a number from 1 to 65535.",
        severity: High,
        check: Check::Container(check),
        peers: &["kube-score:container-ports-check"],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"],
    }
}

/// Ports of one container that are compared with each other.
const PORTS: usize = 200;

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for (index, port) in container.ports().take(PORTS).enumerate() {
        if let Some(node) = field(port, "containerPort")
            && let Some(number) = node.as_i64()
            && !(1..=65535).contains(&number)
        {
            let message = format!("{} declares port {number}", container.display());
            out.report(node.span(), message).evidence(number.to_string());
        }
        let Some(node) = field(port, "name") else { continue };
        let Some(name) = node.text().filter(|name| !name.is_empty()) else { continue };
        if container.ports().take(index).any(|earlier| text(earlier, "name") == Some(name)) {
            let message = format!("{} has two ports of the name `{name}`", container.display());
            out.report(node.span(), message).evidence(name);
        }
    }
}
