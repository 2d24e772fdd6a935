use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::is_complete;

rule! {
    /// A pod without a `securityContext` leaves everything to its containers and to the runtime's
    /// defaults. What is missing in it has rules of its own, so this one is off by default; it is
    /// for teams that want the block in every manifest.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    /// ^^^^ Pod `shop/api` has no `securityContext`
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     securityContext: {runAsNonRoot: true}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   securityContext: {runAsNonRoot: true}
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "pod-security-context-missing",
        summary: "pod has no securityContext",
        remedy: "Add `securityContext` with `runAsNonRoot: true` and a seccomp profile to the pod.",
        severity: Info,
        check: Check::Pod(check),
        peers: &[
            "checkov:CKV_K8S_29",
            "trivy:KSV-0118",
            "kubescape:C-0211",
            "kics:pod_or_container_without_security_context",
        ],
        security: true,
        default: false,
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let context = pod.security_context();
    if is_complete(pod) && context.is_none_or(|context| context.entries().next().is_none()) {
        let span = context.map_or_else(|| pod.spec_span(), |node| node.span());
        let message = format!("{} has no `securityContext`", pod.object.display());
        out.report(span, message).field("spec.securityContext");
    }
}
