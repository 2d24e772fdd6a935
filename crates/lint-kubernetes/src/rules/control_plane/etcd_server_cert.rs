use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// etcd holds the whole cluster, Secrets included. Without a certificate it serves its clients
    /// in plain text, and nobody can tell it from something that poses as it.
    ///
    /// Nothing is reported where it listens at the loopback address only, or where `--auto-tls`
    /// signs a certificate itself, which is reported on its own. Settings in `ETCD_` variables
    /// count.
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
    /// #     ^^^^ etcd of Pod `kube-system/etcd` serves clients without TLS
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
    ///     - --listen-client-urls=https://10.0.0.4:2379
    ///     - --cert-file=/etc/kubernetes/pki/etcd/server.crt
    ///     - --key-file=/etc/kubernetes/pki/etcd/server.key
    /// ```
    pub(crate) static RULE: Check = {
        id: "etcd-server-cert",
        summary: "etcd serves clients without TLS",
        remedy: "Set `--cert-file` and `--key-file`, and use `https` in `--listen-client-urls`.",
        severity: High,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_116",
            "trivy:KCV-0042",
            "kubescape:C-0153",
            "kics:etcd_tls_certificate_files_not_properly_set",
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
    let flags = ["cert-file", "key-file"];
    if component.is_private("listen-client-urls") || component.is_on("auto-tls", false).is_some() {
        return;
    }
    if let Some((span, flag)) =
        flags.into_iter().find_map(|flag| Some((component.lacks(flag)?, flag)))
    {
        component.report(out, span, flag, "serves clients without TLS");
    }
}
