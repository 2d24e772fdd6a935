use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::is_whole;

rule! {
    /// A probe or hook has exactly one handler. The API server refuses one with several, and one
    /// with none, which is often left over when a handler is indented too far or commented out.
    /// There is no case in which this is right.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         readinessProbe:
    /// #       ^^^^^^^^^^^^^^ container `web` in Deployment `shop/api` has a `readinessProbe` without a handler
    ///           periodSeconds: 5
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         readinessProbe:
    ///           httpGet: {path: /ready, port: 8080}
    ///           periodSeconds: 5
    /// ```
    pub(crate) static RULE: Check = {
        id: "probe-handler-invalid",
        summary: "probe or hook does not say what to do, or says two things",
        remedy: "Give it exactly one of `httpGet`, `tcpSocket`, `exec` and `grpc`.",
        severity: High,
        check: Check::Container(check),
        controls: &[control::HEALTH_PROBES, control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    const PROBE: &[&str] = &["httpGet", "tcpSocket", "exec", "grpc"];
    const HOOK: &[&str] = &["httpGet", "tcpSocket", "exec", "sleep"];
    let probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    let probes = probes.into_iter().map(|key| (Some(container.node), key, PROBE));
    let hooks = ["postStart", "preStop"].into_iter();
    let hooks = hooks.map(|key| (container.lifecycle(), key, HOOK));
    for (holder, key, handlers) in probes.chain(hooks) {
        let Some(entry) = holder.and_then(|holder| holder.entry(key)) else { continue };
        if entry.value.kind() != careen_yaml::Kind::Mapping {
            continue;
        }
        let count = handlers.iter().filter(|handler| field(entry.value, handler).is_some()).count();
        // Both of a hook's fields may be missing in the patch of an overlay.
        let what = match count {
            1 => continue,
            0 if !is_whole(container) => continue,
            0 => "without a handler".to_owned(),
            count => format!("with {count} handlers"),
        };
        let message = format!("{} has a `{key}` {what}", container.display());
        out.report(entry.key.span(), message).field(key);
    }
}
