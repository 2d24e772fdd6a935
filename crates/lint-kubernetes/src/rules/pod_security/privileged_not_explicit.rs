use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::is_whole;

rule! {
    /// A container is unprivileged unless it says otherwise, so nothing is wrong with leaving
    /// `privileged` out. Some teams want it written down all the same, so that a reader and a
    /// policy that knows no defaults see it; for them is this rule, which is off by default.
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
    /// #         ^^^ container `web` in Pod `shop/api` does not say `privileged: false`
    ///     image: registry.example.com/web:1.4.0
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
    ///     securityContext:
    ///       privileged: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "privileged-not-explicit",
        summary: "container does not say that it is unprivileged",
        remedy: "Set `securityContext.privileged: false`.",
        severity: Info,
        check: Check::Container(check),
        peers: &["kubeaudit:PrivilegedNil"],
        security: true,
        default: false,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    if container.security("privileged").is_none()
        && is_whole(container)
        && !container.pod.is_windows()
    {
        let message = format!("{} does not say `privileged: false`", container.display());
        out.report(container.name_span, message).field("securityContext.privileged");
    }
}
