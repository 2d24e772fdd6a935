use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The members of etcd send each other everything that is written, Secrets included. Without
    /// certificates it crosses the network in plain text.
    ///
    /// Nothing is reported where it listens at the loopback address only, or where
    /// `--peer-auto-tls` signs a certificate itself, which is reported on its own.
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
    /// #     ^^^^ etcd of Pod `kube-system/etcd` talks to its peers without TLS
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
    ///     - --listen-peer-urls=https://10.0.0.4:2380
    ///     - --peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt
    ///     - --peer-key-file=/etc/kubernetes/pki/etcd/peer.key
    /// ```
    pub(crate) static RULE: Check = {
        id: "etcd-peer-cert",
        summary: "etcd talks to its peers without TLS",
        remedy: "Set `--peer-cert-file` and `--peer-key-file`, and use `https` in `--listen-peer-urls`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_119",
            "trivy:KCV-0045",
            "kubescape:C-0156",
            "kics:etcd_peer_tls_certificate_files_not_properly_set",
        ],
        security: true,
        cwe: &[319],
        controls: &[control::TLS_ENABLED],
        references: &["https://etcd.io/docs/latest/op-guide/security/"],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Etcd) {
        return;
    }
    let flags = ["peer-cert-file", "peer-key-file"];
    if component.is_private("listen-peer-urls") || component.is_on("peer-auto-tls", false).is_some()
    {
        return;
    }
    if let Some((span, flag)) =
        flags.into_iter().find_map(|flag| Some((component.lacks(flag)?, flag)))
    {
        component.report(out, span, flag, "talks to its peers without TLS");
    }
}
