use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The controller manager signs the tokens that Secrets of type
    /// `kubernetes.io/service-account-token` hold. Without a key it does not, and workloads that
    /// wait for such a token fail. The key should be one of its own, so that it can be replaced.
    ///
    /// It is fine where no such Secret is used: the API server signs the tokens that pods get.
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
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^ kube-controller-manager of Pod `kube-system/kube-controller-manager` has no key to sign service account tokens
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
    ///     - --service-account-private-key-file=/etc/kubernetes/pki/sa.key
    /// ```
    pub(crate) static RULE: Check = {
        id: "controller-manager-service-account-key",
        summary: "controller manager has no key for service account tokens",
        remedy: "Set `--service-account-private-key-file`.",
        severity: Low,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_110",
            "trivy:KCV-0036",
            "kubescape:C-0147",
            "kics:service_account_private_key_file_not_defined",
        ],
        security: true,
        controls: &[control::SERVICE_ACCOUNT],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",
        ],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ControllerManager) {
        return;
    }
    if let Some(span) = component.lacks("service-account-private-key-file") {
        component.report(
            out,
            span,
            "service-account-private-key-file",
            "has no key to sign service account tokens",
        );
    }
}
