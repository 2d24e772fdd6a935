use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The scheduler serves health and metrics, at all addresses of the node unless it is told
    /// otherwise. Nobody but the node itself needs the health endpoint, and every open port of the
    /// control plane is one more that must hold.
    ///
    /// It is fine where Prometheus reads the metrics from outside the node: the port asks for TLS
    /// and authorization.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-scheduler
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-scheduler
    ///     image: registry.k8s.io/kube-scheduler:v1.34.0
    ///     command:
    ///     - kube-scheduler
    ///     - --bind-address=0.0.0.0
    /// #     ^^^^^^^^^^^^^^^^^^^^^^ kube-scheduler of Pod `kube-system/kube-scheduler` listens beyond its own node
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-scheduler
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-scheduler
    ///     image: registry.k8s.io/kube-scheduler:v1.34.0
    ///     command:
    ///     - kube-scheduler
    /// #     ^^^^^^^^^^^^^^ kube-scheduler of Pod `kube-system/kube-scheduler` listens beyond its own node
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-scheduler
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-scheduler
    ///     image: registry.k8s.io/kube-scheduler:v1.34.0
    ///     command:
    ///     - kube-scheduler
    ///     - --bind-address=127.0.0.1
    /// ```
    pub(crate) static RULE: Check = {
        id: "scheduler-bind-address",
        summary: "scheduler listens at all addresses",
        remedy: "Set `--bind-address=127.0.0.1`.",
        severity: Low,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_115",
            "trivy:KCV-0041",
            "kubescape:C-0152",
            "kics:bind_address_not_properly_set",
        ],
        security: true,
        cwe: &[668],
        controls: &[control::NETWORK_REACHABLE],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/",
        ],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Scheduler) {
        return;
    }
    if matches!(component.number("secure-port"), Some((0, _))) {
        return;
    }
    if let Some(span) = component.listens_widely("bind-address") {
        component.report(out, span, "bind-address", "listens beyond its own node");
    }
}
