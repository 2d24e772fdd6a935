use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// A peer is trusted with all data and votes on every change. Without client certificates,
    /// whoever reaches the port for peers can pose as one.
    ///
    /// Nothing is reported where it listens at the loopback address only.
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
    /// #     ^^^^ etcd of Pod `kube-system/etcd` takes peers without a certificate
    ///     - --listen-peer-urls=https://10.0.0.4:2380
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
    ///     - --peer-client-cert-auth=true
    /// ```
    pub(crate) static RULE: Check = {
        id: "etcd-peer-client-cert-auth",
        summary: "etcd takes peers without a certificate",
        remedy: "Set `--peer-client-cert-auth=true` and `--peer-trusted-ca-file`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_121",
            "trivy:KCV-0046",
            "kubescape:C-0157",
            "kics:etcd_peer_client_certificate_authentication_set_to_false",
        ],
        security: true,
        cwe: &[306],
        controls: &[control::TLS_ENABLED],
        references: &["https://etcd.io/docs/latest/op-guide/security/"],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Etcd) {
        return;
    }
    if component.is_private("listen-peer-urls") {
        return;
    }
    if let Some(span) = component.is_off("peer-client-cert-auth", false) {
        component.report(out, span, "peer-client-cert-auth", "takes peers without a certificate");
    }
}
