use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The profiling endpoints are on by default. They show how the program works inside, and
    /// taking a profile costs it time and memory, so that a client with rights on them can slow the
    /// control plane down.
    ///
    /// It is fine while a problem is being looked into.
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
    ///     - --profiling=true
    /// #     ^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` serves profiles of itself
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
    ///     - --profiling=false
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-profiling",
        summary: "API server serves profiles",
        remedy: "Set `--profiling=false`.",
        severity: Low,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_90",
            "trivy:KCV-0018",
            "kubescape:C-0129",
            "kics:profiling_not_set_to_false",
        ],
        security: true,
        cwe: &[200],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",
        ],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(span) = component.is_on("profiling", true) {
        component.report(out, span, "profiling", "serves profiles of itself");
    }
}
