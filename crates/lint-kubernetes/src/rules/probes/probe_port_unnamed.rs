use careen_kube_model::{Container, IntOrString, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::probe_noun;

rule! {
    /// A port that is named in one place can be changed in one place: probes and Services follow.
    /// With numbers it is easy to move the container's port and to forget a probe. It is a matter
    /// of taste, so the rule is off unless it is asked for. Ports of gRPC probes have no names and
    /// are left out.
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
    ///     - {name: http, containerPort: 8080}
    ///     readinessProbe:
    ///       httpGet: {path: /ready, port: 8080}
    /// #                                   ^^^^ container `web` in Pod `shop/api` numbers the port `8080` of its readiness probe
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
    ///     - {name: http, containerPort: 8080}
    ///     readinessProbe:
    ///       httpGet: {path: /ready, port: http}
    /// ```
    pub(crate) static RULE: Check = {
        id: "probe-port-unnamed",
        summary: "probe numbers its port instead of naming it",
        remedy: "Name the container's port, and use the name in the probe.",
        severity: Info,
        check: Check::Container(check),
        peers: &["popeye:105"],
        controls: &[control::HEALTH_PROBES],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port"],
        default: false,
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for probe in container.probes() {
        let Some((action @ ("httpGet" | "tcpSocket"), handler)) = probe.action() else { continue };
        let Some(port) = field(handler, "port") else { continue };
        let Some(IntOrString::Int(number)) = IntOrString::of(port) else { continue };
        let message = format!(
            "{} numbers the port `{number}` of its {} probe",
            container.display(),
            probe_noun(probe.kind)
        );
        out.report(port.span(), message).field(format!("{}.{action}.port", probe.kind.field()));
    }
}
