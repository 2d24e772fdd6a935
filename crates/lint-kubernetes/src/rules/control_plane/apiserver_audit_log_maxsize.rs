use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Together with the number of files, the size decides how far back the audit log goes. Small
    /// files push each other out; benchmarks ask for 100 megabytes, which is also what applies
    /// without the flag.
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
    ///     - --audit-log-maxsize=5
    /// #     ^^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` starts a new audit log after 5 MB, less than 100
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
    ///     - --audit-log-maxsize=100
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-audit-log-maxsize",
        summary: "audit logs are rotated before 100 megabytes",
        remedy: "Remove `--audit-log-maxsize`, or set it to 100 or more.",
        severity: Low,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_94",
            "trivy:KCV-0022",
            "kubescape:C-0133",
            "kics:audit_log_maxsize_not_properly_set",
        ],
        security: true,
        cwe: &[778],
        controls: &[control::LOG_AGGREGATION],
        references: &["https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/"],
        fragments: true,
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
    let flag = "audit-log-maxsize";
    let number = component.number(flag);
    if let Some((number, span)) = number.filter(|(number, _)| (1..100).contains(number)) {
        let what = format!("starts a new audit log after {number} MB, less than 100");
        component.report(out, span, flag, &what);
    }
}
