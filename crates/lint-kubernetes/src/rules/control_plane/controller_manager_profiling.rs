use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The profiling endpoints are on by default. They show how the program works inside, and
    /// taking a profile costs it time and memory, so that whoever may ask for one can slow the
    /// control plane down.
    ///
    /// It is fine while a problem is being looked into.
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
    ///     - --profiling=true
    /// #     ^^^^^^^^^^^^^^^^ kube-controller-manager of Pod `kube-system/kube-controller-manager` serves profiles of itself
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
    ///     - --profiling=false
    /// ```
    pub(crate) static RULE: Check = {
        id: "controller-manager-profiling",
        summary: "controller manager serves profiles",
        remedy: "Set `--profiling=false`.",
        severity: Low,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_107",
            "trivy:KCV-0034",
            "kubescape:C-0145",
            "kics:profiling_not_set_to_false",
        ],
        security: true,
        cwe: &[200],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",
        ],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ControllerManager) {
        return;
    }
    if let Some(span) = component.is_on("profiling", true) {
        component.report(out, span, "profiling", "serves profiles of itself");
    }
}
