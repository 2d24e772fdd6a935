use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The `Node` authorizer lets a kubelet read only what the pods of its node need. Without it,
    /// kubelets get their rights from a role that names all Secrets and all nodes, and one node
    /// that falls takes the Secrets of the cluster with it.
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
    ///     - --authorization-mode=RBAC
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` does not limit kubelets to their own node
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
        id: "apiserver-authorization-node",
        summary: "API server lacks the authorization mode `Node`",
        remedy: "Set `--authorization-mode=Node,RBAC`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_75",
            "trivy:KCV-0008",
            "kubescape:C-0119",
            "kics:authorization_mode_node_not_set",
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
        && component.item(modes, "Node").is_none()
        && let Some(flag) = component.flag(modes).filter(|_| component.list(modes).next().is_some())
    {
        component.report(out, flag.span, modes, "does not limit kubelets to their own node");
    }
}
