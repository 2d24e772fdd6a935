use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Without client certificates, whoever reaches the port of etcd reads and writes the whole
    /// cluster, past the API server and all of its checks.
    ///
    /// Nothing is reported where it listens at the loopback address only. Settings in `ETCD_`
    /// variables count.
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
    /// #     ^^^^ etcd of Pod `kube-system/etcd` serves clients without a certificate
    ///     - --listen-client-urls=https://10.0.0.4:2379
    /// ```
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
    ///     - --client-cert-auth=false
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^ etcd of Pod `kube-system/etcd` serves clients without a certificate
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
    ///     - --client-cert-auth=true
    /// ```
    pub(crate) static RULE: Check = {
        id: "etcd-client-cert-auth",
        summary: "etcd serves clients without a certificate",
        remedy: "Set `--client-cert-auth=true` and `--trusted-ca-file`.",
        severity: High,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_117",
            "trivy:KCV-0043",
            "kubescape:C-0154",
            "kics:etcd_client_certificate_authentication_set_to_false",
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
    if component.is_private("listen-client-urls") {
        return;
    }
    if let Some(span) = component.is_off("client-cert-auth", false) {
        component.report(out, span, "client-cert-auth", "serves clients without a certificate");
    }
}
