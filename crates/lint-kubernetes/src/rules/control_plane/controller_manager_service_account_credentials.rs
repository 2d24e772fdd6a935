use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// With credentials per controller, each acts as a service account of its own and has the
    /// rights it needs. Without, all of them use the rights of the controller manager, so that a
    /// fault in one can do what any may, and audit logs do not tell them apart.
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
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^ kube-controller-manager of Pod `kube-system/kube-controller-manager` runs all controllers with the same rights
    ///     - --leader-elect=true
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
    ///     - --use-service-account-credentials=true
    /// ```
    pub(crate) static RULE: Check = {
        id: "controller-manager-service-account-credentials",
        summary: "all controllers share the same rights",
        remedy: "Set `--use-service-account-credentials=true`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_108",
            "trivy:KCV-0035",
            "kubescape:C-0146",
            "kics:use_service_account_credentials_not_set_to_true",
        ],
        security: true,
        cwe: &[250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",
        ],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ControllerManager) {
        return;
    }
    if let Some(span) = component.is_off("use-service-account-credentials", false) {
        component.report(
            out,
            span,
            "use-service-account-credentials",
            "runs all controllers with the same rights",
        );
    }
}
