use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// With this flag etcd signs a certificate itself at its start. The traffic is encrypted, but
    /// no peer can verify the certificate, so that anybody on the way can pose as etcd.
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
    ///     - --peer-auto-tls=true
    /// #     ^^^^^^^^^^^^^^^^^^^^ etcd of Pod `kube-system/etcd` signs its own certificate for peers
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
    ///     - --peer-auto-tls=false
    /// ```
    pub(crate) static RULE: Check = {
        id: "etcd-peer-auto-tls",
        summary: "etcd signs its own certificate for peers",
        remedy: "Remove `--peer-auto-tls` and set `--peer-cert-file` and `--peer-key-file`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &["trivy:KCV-0047", "kubescape:C-0158", "kics:peer_auto_tls_set_to_true"],
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
    if let Some(span) = component.is_on("peer-auto-tls", false) {
        component.report(out, span, "peer-auto-tls", "signs its own certificate for peers");
    }
}
