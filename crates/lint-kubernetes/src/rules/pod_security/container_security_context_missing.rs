use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::usage::is_whole;

rule! {
    /// Neither the container nor its pod has a `securityContext`: the container runs with the
    /// runtime's capabilities, as the user of its image, without a seccomp profile, and may become
    /// root.
    ///
    /// Each of these has a rule of its own that says what to set, so this summary is off by
    /// default.
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
    /// #         ^^^ container `web` in Pod `shop/api` has no `securityContext`
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
    ///     securityContext: {allowPrivilegeEscalation: false}
    /// ```
    pub(crate) static RULE: Check = {
        id: "container-security-context-missing",
        summary: "neither container nor pod has a securityContext",
        remedy: "Add a `securityContext` to the container.",
        severity: Low,
        check: Check::Container(check),
        peers: &[
            "kube-score:container-security-context-user-group-id",
            "checkov:CKV_K8S_30",
            "trivy:KSV-0118",
            "kubescape:C-0211",
            "kics:pod_or_container_without_security_context",
            "kubeaudit:CapabilityOrSecurityContextMissing",
        ],
        security: true,
        default: false,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let says_nothing =
        |node: Option<Node<'_>>| node.is_none_or(|node| node.entries().next().is_none());
    if says_nothing(container.security_context())
        && says_nothing(container.pod.security_context())
        && is_whole(container)
    {
        let message = format!("{} has no `securityContext`", container.display());
        out.report(container.name_span, message).field("securityContext");
    }
}
