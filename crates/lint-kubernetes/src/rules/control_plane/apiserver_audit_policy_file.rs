use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The audit policy says which requests are logged in how much detail. Without one, nothing is
    /// logged, even where a log file or a webhook is set.
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
    /// #     ^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` logs no request without an audit policy
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
    ///     - --audit-policy-file=/etc/kubernetes/audit.yaml
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-audit-policy-file",
        summary: "API server has no audit policy",
        remedy: "Set `--audit-policy-file` to a file with a `Policy` of `audit.k8s.io/v1`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &["kubescape:C-0160", "kics:audit_policy_file_not_defined"],
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
    if let Some(span) = component.lacks("audit-policy-file") {
        component.report(out, span, "audit-policy-file", "logs no request without an audit policy");
    }
}
