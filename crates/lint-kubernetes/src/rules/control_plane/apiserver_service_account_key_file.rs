use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Without the flag, the key of the serving certificate verifies the tokens of service
    /// accounts. The two cannot be replaced separately then: a new certificate makes every token in
    /// the cluster invalid.
    ///
    /// Nothing is reported where an external signer is used.
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
    /// #     ^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` has no key of its own for service account tokens
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
    ///     - --service-account-key-file=/etc/kubernetes/pki/sa.pub
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-service-account-key-file",
        summary: "API server has no key for service account tokens",
        remedy: "Set `--service-account-key-file` to the public key of the service account issuer.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_97",
            "trivy:KCV-0025",
            "kubescape:C-0136",
            "kics:service_account_key_file_not_properly_set",
        ],
        security: true,
        cwe: &[321],
        controls: &[control::SERVICE_ACCOUNT],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",
        ],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if component.flag("service-account-signing-endpoint").is_some() {
        return;
    }
    if let Some(span) = component.lacks("service-account-key-file") {
        component.report(
            out,
            span,
            "service-account-key-file",
            "has no key of its own for service account tokens",
        );
    }
}
