use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// With the plugin `NodeRestriction` a kubelet may change only its own Node and the pods on it,
    /// and no labels that others trust. Without it, whoever takes over one node can relabel others,
    /// draw workloads to itself and read their Secrets.
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
    ///     - --enable-admission-plugins=AlwaysPullImages
    /// #                                ^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` lets kubelets change other nodes
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
    ///     - --enable-admission-plugins=AlwaysPullImages,NodeRestriction
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-node-restriction",
        summary: "API server lets kubelets change other nodes",
        remedy: "Add `NodeRestriction` to `--enable-admission-plugins`.",
        severity: High,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_85",
            "trivy:KCV-0016",
            "kubescape:C-0127",
            "kics:node_restriction_admission_control_plugin_not_set",
        ],
        security: true,
        cwe: &[284],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",
        ],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(span) = component.lacks_plugin("NodeRestriction") {
        component.report(out, span, "enable-admission-plugins", "lets kubelets change other nodes");
    }
}
