use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The feature gate `RotateKubeletServerCertificate` lets kubelets ask for a new serving
    /// certificate before theirs ends. It is on by default. Switched off, certificates end one day,
    /// and then logs, `exec` and metrics of the nodes fail at once.
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
    ///     - --feature-gates=RotateKubeletServerCertificate=false
    /// #                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ kube-controller-manager of Pod `kube-system/kube-controller-manager` keeps kubelets from renewing their serving certificates
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
    ///     - --feature-gates=RotateKubeletServerCertificate=true
    /// ```
    pub(crate) static RULE: Check = {
        id: "controller-manager-rotate-kubelet-cert",
        summary: "kubelets cannot renew their serving certificates",
        remedy: "Remove `RotateKubeletServerCertificate=false` from `--feature-gates`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_112",
            "trivy:KCV-0038",
            "kubescape:C-0149",
            "kics:rotate_kubelet_server_certificate_not_active",
        ],
        security: true,
        cwe: &[298],
        controls: &[control::CREDENTIAL_ROTATION],
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
    if let Some(span) = component.is_gated_off("RotateKubeletServerCertificate") {
        let what = "keeps kubelets from renewing their serving certificates";
        component.report(out, span, "feature-gates", what);
    }
}
