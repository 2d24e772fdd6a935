use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// etcd holds everything, Secrets included. If the API server needs no certificate to get in,
    /// nobody does, and whoever reaches the port of etcd owns the cluster.
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
    /// #     ^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` has no client certificate for etcd
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
    ///     - --etcd-certfile=/etc/kubernetes/pki/apiserver-etcd-client.crt
    ///     - --etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-etcd-client-cert",
        summary: "API server has no client certificate for etcd",
        remedy: "Set `--etcd-certfile` and `--etcd-keyfile`, and let etcd ask for them.",
        severity: High,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_99",
            "trivy:KCV-0026",
            "kubescape:C-0137",
            "kics:etcd_tls_certificate_not_properly_configured",
        ],
        security: true,
        cwe: &[306],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",
        ],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    let flags = ["etcd-certfile", "etcd-keyfile"];
    if let Some((span, flag)) =
        flags.into_iter().find_map(|flag| Some((component.lacks(flag)?, flag)))
    {
        component.report(out, span, flag, "has no client certificate for etcd");
    }
}
