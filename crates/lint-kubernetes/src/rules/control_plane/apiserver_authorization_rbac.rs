use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Without the mode `RBAC`, Roles and ClusterRoles say nothing, whatever they look like, and
    /// rights come from a file or a webhook that the manifests do not show.
    ///
    /// It is fine where a webhook decides for all requests and is as available as the API server
    /// has to be.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-apiserver
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command:
    ///     - kube-apiserver
    ///     - --authorization-mode=Node
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` does not look at roles
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-apiserver
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command:
    ///     - kube-apiserver
    ///     - --authorization-mode=Node,RBAC
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-authorization-rbac",
        summary: "API server lacks the authorization mode `RBAC`",
        remedy: "Set `--authorization-mode=Node,RBAC`.",
        severity: High,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_77",
            "trivy:KCV-0009",
            "kubescape:C-0120",
            "kubescape:C-0088",
            "kics:authorization_mode_rbac_not_set",
        ],
        security: true,
        cwe: &[862],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/authorization/"],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    let modes = "authorization-mode";
    // What allows everything is told by another rule.
    let is_told = component.item(modes, "AlwaysAllow").is_some();
    if !is_told
        && component.knows(modes)
        && component.item(modes, "RBAC").is_none()
        && let Some(flag) = component.flag(modes).filter(|_| component.list(modes).next().is_some())
    {
        component.report(out, flag.span, modes, "does not look at roles");
    }
}
