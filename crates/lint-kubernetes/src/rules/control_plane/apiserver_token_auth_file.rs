use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Tokens in a file are stored in plain text, never expire, and cannot be revoked without a
    /// restart of the API server. Whoever reads the file or a backup of it has the access of
    /// everybody in it.
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
    ///     - --token-auth-file=/etc/kubernetes/tokens.csv
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` takes tokens from a file
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
    ///     - --secure-port=6443
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-token-auth-file",
        summary: "API server takes tokens from a file",
        remedy: "Remove `--token-auth-file` and authenticate with certificates, OpenID Connect or service account tokens.",
        severity: High,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_70",
            "trivy:KCV-0002",
            "kubescape:C-0114",
            "kics:token_auth_file_is_set",
        ],
        security: true,
        cwe: &[256],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/authentication/"],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(flag) = component.flag("token-auth-file") {
        component.report(out, flag.span, "token-auth-file", "takes tokens from a file");
    }
}
