use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// An intrusion is often noticed weeks later. Benchmarks ask to keep audit logs for 30 days at
    /// least, and to say so: without the flag, age plays no part in what is kept.
    ///
    /// Nothing is reported without an audit log, or where it goes to standard output. It is fine to
    /// keep less on the node where logs are collected elsewhere.
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
    ///     - --audit-log-maxage=5
    /// #     ^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` keeps audit logs for 5 days, less than 30
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
    /// #     ^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` does not say how long audit logs are kept
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
    ///     - --audit-log-maxage=30
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-audit-log-maxage",
        summary: "audit logs are kept for less than 30 days",
        remedy: "Set `--audit-log-maxage=30` or more.",
        severity: Low,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_92",
            "trivy:KCV-0020",
            "kubescape:C-0131",
            "kics:audit_log_maxage_not_properly_set",
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
    let flag = "audit-log-maxage";
    let number = component.number(flag);
    let none = component
        .lacks(flag)
        .or_else(|| number.filter(|(number, _)| *number == 0).map(|(_, span)| span));
    if let Some(span) = none {
        component.report(out, span, flag, "does not say how long audit logs are kept");
    } else if let Some((number, span)) = number.filter(|(number, _)| *number < 30) {
        let what = format!("keeps audit logs for {number} days, less than 30");
        component.report(out, span, flag, &what);
    }
}
