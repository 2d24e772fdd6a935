use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A privileged container has every capability and every device of the node and no
    /// confinement: whoever gets into it owns the node and, with the kubelet's credentials, often
    /// the cluster.
    ///
    /// Few node agents (network and storage drivers) cannot do without. Keep them in a namespace
    /// of their own and suppress the finding there with a reason.
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
    ///       privileged: true
    /// #                 ^^^^ container `web` in Pod `shop/api` runs privileged
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
        id: "privileged-container",
        summary: "container runs privileged",
        remedy: "Remove `privileged`; add the one capability or device that is needed.",
        severity: Critical,
        check: Check::Container(check),
        peers: &[
            "kube-linter:privileged-container",
            "kube-score:container-security-context-privileged",
            "polaris:runAsPrivileged",
            "kubesec:Privileged",
            "checkov:CKV_K8S_16",
            "trivy:KSV-0017",
            "kubescape:C-0057",
            "kics:container_is_privileged",
            "kubeaudit:PrivilegedTrue",
            "pss:privileged",
        ],
        security: true,
        fragments: true,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
            "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    if let Some(node) = container.privileged() {
        let message = format!("{} runs privileged", container.display());
        out.report(node.span(), message).field("securityContext.privileged");
    }
}
