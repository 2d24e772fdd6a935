use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::pss::has_user_namespace;

rule! {
    /// Runtimes hide the parts of `/proc` that tell about the node or change it. `Unmasked` shows
    /// them all, writable.
    ///
    /// It is meant for containers that run containers, and only with user namespaces: a pod with
    /// `hostUsers: false` is left out from Kubernetes 1.35.
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
    ///     securityContext:
    ///       procMount: Unmasked
    /// #                ^^^^^^^^ container `web` in Pod `shop/api` sees the whole of `/proc`
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
    ///       procMount: Default
    /// ```
    pub(crate) static RULE: Check = {
        id: "proc-mount-unmasked",
        summary: "container sees the whole of /proc",
        remedy: "Remove `procMount: Unmasked`.",
        severity: High,
        check: Check::Container(check),
        peers: &[
            "kube-linter:unsafe-proc-mount",
            "polaris:procMount",
            "trivy:KSV-0027",
            "kubescape:C-0211",
            "kics:container_runs_unmasked",
            "pss:procMount",
            "pss:procMount_restricted",
        ],
        security: true,
        fragments: true,
        cwe: &[668],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
    }
}

fn check(container: Container<'_>, context: &Context, out: &mut Sink<'_>) {
    let mount = container.security("procMount");
    let mount = mount.filter(|node| node.text() != Some("Default"));
    if let Some(node) = mount.filter(|_| !has_user_namespace(container.pod, context.kubernetes)) {
        let message = format!("{} sees the whole of `/proc`", container.display());
        out.report(node.span(), message).field("securityContext.procMount");
    }
}
