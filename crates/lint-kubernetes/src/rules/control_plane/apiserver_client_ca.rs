use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Kubelets, controllers and administrators show certificates to the API server. Without an
    /// authority it cannot tell whose they are, so that they need another way in, which is often a
    /// token in a file.
    ///
    /// Nothing is lost where all of them authenticate otherwise, such as by OpenID Connect.
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
    /// #     ^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` knows no authority for client certificates
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
    ///     - --client-ca-file=/etc/kubernetes/pki/ca.crt
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-client-ca",
        summary: "API server knows no authority for client certificates",
        remedy: "Set `--client-ca-file`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "trivy:KCV-0028",
            "kubescape:C-0139",
            "kics:client_certificate_authentication_not_setup_properly",
        ],
        security: true,
        cwe: &[287],
        controls: &[control::TLS_ENABLED],
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/authentication/"],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(span) = component.lacks("client-ca-file") {
        component.report(out, span, "client-ca-file", "knows no authority for client certificates");
    }
}
