use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The controller manager serves health and metrics, at all addresses of the node unless it is
    /// told otherwise. Nobody but the node itself needs the health endpoint, and every open port of
    /// the control plane is one more that must hold.
    ///
    /// It is fine where Prometheus reads the metrics from outside the node: the port asks for TLS
    /// and authorization.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-controller-manager
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-controller-manager
    ///     image: registry.k8s.io/kube-controller-manager:v1.34.0
    ///     command:
    ///     - kube-controller-manager
    ///     - --bind-address=0.0.0.0
    /// #     ^^^^^^^^^^^^^^^^^^^^^^ kube-controller-manager of Pod `kube-system/kube-controller-manager` listens beyond its own node
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-controller-manager
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-controller-manager
    ///     image: registry.k8s.io/kube-controller-manager:v1.34.0
    ///     command:
    ///     - kube-controller-manager
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^ kube-controller-manager of Pod `kube-system/kube-controller-manager` listens beyond its own node
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-controller-manager
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-controller-manager
    ///     image: registry.k8s.io/kube-controller-manager:v1.34.0
    ///     command:
    ///     - kube-controller-manager
    ///     - --bind-address=127.0.0.1
    /// ```
    pub(crate) static RULE: Check = {
        id: "controller-manager-bind-address",
        summary: "controller manager listens at all addresses",
        remedy: "Set `--bind-address=127.0.0.1`.",
        severity: Low,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_113",
            "trivy:KCV-0039",
            "kubescape:C-0150",
            "kics:bind_address_not_properly_set",
        ],
        security: true,
        cwe: &[668],
        controls: &[control::NETWORK_REACHABLE],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",
        ],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ControllerManager) {
        return;
    }
    if matches!(component.number("secure-port"), Some((0, _))) {
        return;
    }
    if let Some(span) = component.listens_widely("bind-address") {
        component.report(out, span, "bind-address", "listens beyond its own node");
    }
}
