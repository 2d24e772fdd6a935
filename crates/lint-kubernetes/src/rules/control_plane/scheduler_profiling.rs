use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The profiling endpoints are on by default. They show how the program works inside, and
    /// taking a profile costs it time and memory, so that whoever may ask for one can slow the
    /// control plane down.
    ///
    /// It is fine while a problem is being looked into. A configuration file says so in
    /// `enableProfiling`; where the command line names one, only that file is judged.
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
    /// #     ^^^^^^^^^^^^^^ kube-scheduler of Pod `kube-system/kube-scheduler` serves profiles of itself
    ///     - --leader-elect
    /// ```
    /// ```yaml bad
    /// apiVersion: kubescheduler.config.k8s.io/v1
    /// kind: KubeSchedulerConfiguration
    /// enableProfiling: true
    /// #                ^^^^ kube-scheduler of KubeSchedulerConfiguration serves profiles of itself
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
    ///     - --profiling=false
    /// ```
    pub(crate) static RULE: Check = {
        id: "scheduler-profiling",
        summary: "scheduler serves profiles",
        remedy: "Set `--profiling=false`, or `enableProfiling: false` in the configuration.",
        severity: Low,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_114",
            "trivy:KCV-0040",
            "kubescape:C-0151",
            "kics:profiling_not_set_to_false",
        ],
        security: true,
        cwe: &[200],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/",
        ],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Scheduler) {
        return;
    }
    if let Some(span) = component.is_on("profiling", true) {
        component.report(out, span, "profiling", "serves profiles of itself");
    }
}
