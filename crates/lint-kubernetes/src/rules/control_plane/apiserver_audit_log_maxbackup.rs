use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// A busy API server fills its audit log in hours. With few old files, what happened last night
    /// is gone; without a number, they fill the disk of the node. Benchmarks ask for 10.
    ///
    /// Nothing is reported without an audit log, or where it goes to standard output.
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
    ///     - --audit-log-path=/var/log/kubernetes/audit.log
    ///     - --audit-log-maxbackup=5
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` keeps 5 old audit logs, fewer than 10
    /// ```
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
    /// #     ^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` does not say how many audit logs are kept
    ///     - --audit-log-path=/var/log/kubernetes/audit.log
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
    ///     - --audit-log-path=/var/log/kubernetes/audit.log
    ///     - --audit-log-maxbackup=10
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-audit-log-maxbackup",
        summary: "fewer than ten old audit logs are kept",
        remedy: "Set `--audit-log-maxbackup=10` or more.",
        severity: Low,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_93",
            "trivy:KCV-0021",
            "kubescape:C-0132",
            "kics:audit_log_maxbackup_not_properly_set",
        ],
        security: true,
        cwe: &[778],
        controls: &[control::LOG_AGGREGATION],
        references: &["https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/"],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    // There is nothing to keep, or it is kept by whoever collects the output.
    if component.flag("audit-log-path").is_none_or(|flag| matches!(flag.text(), Some("-" | ""))) {
        return;
    }
    let flag = "audit-log-maxbackup";
    let number = component.number(flag);
    let none = component
        .lacks(flag)
        .or_else(|| number.filter(|(number, _)| *number == 0).map(|(_, span)| span));
    if let Some(span) = none {
        component.report(out, span, flag, "does not say how many audit logs are kept");
    } else if let Some((number, span)) = number.filter(|(number, _)| *number < 10) {
        let what = format!("keeps {number} old audit logs, fewer than 10");
        component.report(out, span, flag, &what);
    }
}
