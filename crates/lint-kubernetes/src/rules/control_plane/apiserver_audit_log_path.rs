use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Without an audit log nobody can tell afterwards who read a Secret, changed a role or ran a
    /// command in a pod.
    ///
    /// Nothing is reported where events are sent to a webhook instead.
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
    /// #     ^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` keeps no audit log
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
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-audit-log-path",
        summary: "API server keeps no audit log",
        remedy: "Set `--audit-log-path`, and `--audit-policy-file` to say what is logged.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_91",
            "trivy:KCV-0019",
            "kubescape:C-0130",
            "kubescape:C-0067",
            "kics:audit_log_path_not_set",
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
    if component.flag("audit-webhook-config-file").is_some() {
        return;
    }
    if let Some(span) = component.lacks("audit-log-path") {
        component.report(out, span, "audit-log-path", "keeps no audit log");
    }
}
