use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program, is_loopback};

rule! {
    /// etcd uses its certificates for `https` addresses only. A list of addresses that says `http`
    /// serves clients or peers in plain text and asks nobody for a certificate, however complete
    /// the other flags are. The same goes for an API server that is told an `http` address of etcd.
    ///
    /// Reported where a certificate is set, so that TLS is meant; without one, other rules say so.
    /// Addresses of the loopback interface are fine.
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
    ///     - --cert-file=/etc/kubernetes/pki/etcd/server.crt
    ///     - --key-file=/etc/kubernetes/pki/etcd/server.key
    ///     - --listen-client-urls=http://127.0.0.1:2379,http://10.0.0.4:2379
    /// #                                                ^^^^^^^^^^^^^^^^^^^^ etcd of Pod `kube-system/etcd` has certificates but an address without TLS
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
    ///     - --cert-file=/etc/kubernetes/pki/etcd/server.crt
    ///     - --key-file=/etc/kubernetes/pki/etcd/server.key
    ///     - --listen-client-urls=http://127.0.0.1:2379,https://10.0.0.4:2379
    /// ```
    pub(crate) static RULE: Check = {
        id: "etcd-url-not-https",
        summary: "traffic of etcd is not encrypted though certificates are set",
        remedy: "Write `https` in the addresses.",
        severity: High,
        check: Check::Component(check),
        security: true,
        cwe: &[319],
        controls: &[control::TLS_ENABLED],
        references: &["https://etcd.io/docs/latest/op-guide/security/"],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Etcd) && !component.is(Program::ApiServer) {
        return;
    }
    let lists: &[(&'static str, &str)] = if component.is(Program::Etcd) {
        &[("listen-client-urls", "cert-file"), ("listen-peer-urls", "peer-cert-file")]
    } else {
        &[("etcd-servers", "etcd-certfile")]
    };
    for (urls, certificate) in lists {
        if component.flag(certificate).is_none() {
            continue;
        }
        for url in component.list(urls) {
            if url.text.strip_prefix("http://").is_some_and(|address| !is_loopback(address)) {
                let what = "has certificates but an address without TLS";
                component.report(out, url.span, urls, what);
            }
        }
    }
}
