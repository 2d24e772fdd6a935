use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::relations::short_span;

rule! {
    /// A port with a name can be referred to by Services, probes and monitors, and may change its
    /// number without them. Off by default: a number works, and many prefer it.
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
    ///     - containerPort: 8080
    /// #                    ^^^^ port `8080` of container `web` in Pod `web` has no name
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
    ///     - containerPort: 8080
    ///       name: http
    /// ```
    pub(crate) static RULE: Check = {
        id: "container-port-unnamed",
        summary: "container port has no name",
        remedy: "Give the port a `name`.",
        severity: Info,
        check: Check::Container(check),
        default: false,
        peers: &["popeye:108"],
        references: &["https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for port in container.ports() {
        if field(port, "name").is_some() {
            continue;
        }
        let node = field(port, "containerPort");
        let shown = node.and_then(|node| node.text()).unwrap_or("?");
        let place = node.map_or_else(|| short_span(port), |node| node.span());
        let message = format!("port `{shown}` of {} has no name", container.display());
        out.report(place, message).evidence(shown);
    }
}
