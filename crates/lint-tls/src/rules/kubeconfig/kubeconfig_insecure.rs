use careen_model::{Context, ObjectRef};
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::endpoints::named;
use crate::kubeconfig::{clusters, is_kubeconfig};
use crate::names::Shown;

rule! {
    /// With `insecure-skip-tls-verify` kubectl sends its token or client certificate to whoever
    /// answers at the address, and applies what they answer; over `http://` everybody on the way
    /// reads it as well. One redirected name is then enough to take over the cluster.
    ///
    /// It is fine for a cluster on the same machine. A CA in the file that has expired is told by
    /// `trust-bundle-expired-ca`.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Config
    /// clusters:
    /// - name: prod
    ///   cluster:
    ///     server: https://10.0.0.1:6443
    ///     insecure-skip-tls-verify: true
    /// #                             ^^^^ cluster `prod` is talked to without checking its certificate
    /// - name: old
    ///   cluster:
    ///     server: http://k8s.example.com:8080
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^ cluster `old` is talked to over unencrypted HTTP
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Config
    /// clusters:
    /// - name: prod
    ///   cluster: {server: "https://10.0.0.1:6443", insecure-skip-tls-verify: false}
    /// - name: proxy
    ///   cluster: {server: "http://localhost:8001"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubeconfig-insecure",
        summary: "kubeconfig does not check whom it talks to",
        remedy: "Give the cluster's CA in `certificate-authority-data`, and use `https://`; `tls-server-name` helps where the address is not in the certificate.",
        severity: High,
        check: Check::Kind(&["Config"], check),
        security: true,
        cwe: &[295, 319],
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    if !is_kubeconfig(object.view) {
        return;
    }
    for cluster in clusters(object) {
        let name = Shown(cluster.name);
        let server = named(cluster.node, &["server"]);
        let local = server.is_some_and(|(server, _)| is_local(server));
        let skips = cluster.node.get("insecure-skip-tls-verify");
        if let Some(skips) = skips.filter(|skips| skips.as_bool() == Some(true)) {
            let message = format!("cluster `{name}` is talked to without checking its certificate");
            let finding = out.report(skips.span(), message);
            finding.field("insecure-skip-tls-verify");
            if local {
                finding.severity(Severity::Low);
            }
        }
        if let Some((server, node)) = server
            && server.starts_with("http://")
            && !local
        {
            let message = format!("cluster `{name}` is talked to over unencrypted HTTP");
            out.report(node.span(), message).field("server");
        }
    }
}

/// Whether a server is on the same machine.
fn is_local(server: &str) -> bool {
    let authority = server.split_once("://").map_or(server, |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost"
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn loopback_is_local() {
        for server in ["http://localhost:8080", "https://127.0.0.1", "http://[::1]:80/x"] {
            assert!(is_local(server), "{server}");
        }
        for server in ["http://localhost.example.com", "http://10.0.0.1", "http://[fe80::1]", ""] {
            assert!(!is_local(server), "{server}");
        }
    }
}
