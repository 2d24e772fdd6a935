use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Pods that have ended stay as objects until there are more of them than the threshold, 12500
    /// by default. With 0 they are never removed, and a CronJob alone fills etcd over the months.
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
    ///     - --terminated-pod-gc-threshold=0
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ kube-controller-manager of Pod `kube-system/kube-controller-manager` never removes pods that have ended
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
    ///     - --terminated-pod-gc-threshold=1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "controller-manager-pod-gc",
        summary: "ended pods are never removed",
        remedy: "Remove `--terminated-pod-gc-threshold`, or set it to a positive number.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_106",
            "trivy:KCV-0033",
            "kubescape:C-0144",
            "kics:terminated_pod_garbage_collector_threshold_not_properly_set",
        ],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",
        ],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ControllerManager) {
        return;
    }
    let number = component.number("terminated-pod-gc-threshold");
    if let Some((_, span)) = number.filter(|(number, _)| *number <= 0) {
        component.report(
            out,
            span,
            "terminated-pod-gc-threshold",
            "never removes pods that have ended",
        );
    }
}
