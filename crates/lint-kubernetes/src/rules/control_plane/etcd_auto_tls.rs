use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// With this flag etcd signs a certificate itself at its start. The traffic is encrypted, but
    /// no client can verify the certificate, so that anybody on the way can pose as etcd.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: etcd
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: etcd
    ///     image: registry.k8s.io/etcd:3.6.5-0
    ///     command:
    ///     - etcd
    ///     - --auto-tls=true
    /// #     ^^^^^^^^^^^^^^^ etcd of Pod `kube-system/etcd` signs its own certificate for clients
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: etcd
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: etcd
    ///     image: registry.k8s.io/etcd:3.6.5-0
    ///     command:
    ///     - etcd
    ///     - --auto-tls=false
    /// ```
    pub(crate) static RULE: Check = {
        id: "etcd-auto-tls",
        summary: "etcd signs its own certificate for clients",
        remedy: "Remove `--auto-tls` and set `--cert-file` and `--key-file`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_118",
            "trivy:KCV-0044",
            "kubescape:C-0155",
            "kics:auto_tls_set_to_true",
        ],
        security: true,
        cwe: &[295],
        controls: &[control::TLS_ENABLED],
        references: &["https://etcd.io/docs/latest/op-guide/security/"],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Etcd) {
        return;
    }
    if let Some(span) = component.is_on("auto-tls", false) {
        component.report(out, span, "auto-tls", "signs its own certificate for clients");
    }
}
