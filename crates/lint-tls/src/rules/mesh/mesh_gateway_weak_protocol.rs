use careen_kube_model::strings;
use careen_model::{Context, ObjectRef};
use careen_rule::{Confidence, Severity, Sink, control, rule};

use crate::Check;
use crate::cipher::{Grade, Weak};
use crate::mesh::{NETWORKING, servers};
use crate::names::Shown;
use crate::protocol::Protocol;

rule! {
    /// TLS 1.0 and 1.1 are forbidden by RFC 8996: they rely on MD5 and SHA-1, and an audit by PCI
    /// DSS fails with them. Suites without forward secrecy let whoever gets the key later read what
    /// was recorded before. Istio's gateways speak TLS 1.2 and newer with good suites if nothing is
    /// written, so this loosens it.
    ///
    /// It is fine where an old device can do no better and has a server of its own.
    ///
    /// ```yaml bad
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls:
    ///       mode: SIMPLE
    ///       credentialName: shop-tls
    ///       minProtocolVersion: TLSV1_1
    /// #                         ^^^^^^^ server `https` of Gateway `shop/edge` allows TLS 1.1
    ///       cipherSuites:
    ///       - ECDHE-RSA-AES256-GCM-SHA384
    ///       - AES256-SHA
    /// #       ^^^^^^^^^^ server `https` of Gateway `shop/edge` allows cipher suite `AES256-SHA`, which is without forward secrecy
    /// ```
    /// ```yaml good
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls:
    ///       mode: SIMPLE
    ///       credentialName: shop-tls
    ///       minProtocolVersion: TLSV1_2
    ///       cipherSuites: [ECDHE-RSA-AES256-GCM-SHA384]
    ///   - port: {number: 8443, name: auto, protocol: HTTPS}
    ///     hosts: [api.example.com]
    ///     tls: {mode: SIMPLE, credentialName: api-tls, minProtocolVersion: TLS_AUTO}
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-gateway-weak-protocol",
        summary: "Istio gateway allows TLS before 1.2 or weak ciphers",
        remedy: "Take the setting out, or allow TLS 1.2 and newer with ECDHE and AEAD suites only.",
        severity: High,
        check: Check::Kind(&["Gateway"], check),
        confidence: Confidence::High,
        peers: &["kyverno:consul/enforce-min-tls-version"],
        security: true,
        cwe: &[326, 327],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc8996",
            "https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.view.group() != NETWORKING {
        return;
    }
    for server in servers(object) {
        if let Some(node) = server.tls("minProtocolVersion")
            && let Some(version) = node.text().and_then(Protocol::parse)
            && version.is_weak()
        {
            out.report(node.span(), format!("{} allows {version}", server.display()))
                .field(format!("spec.servers[{}].tls.minProtocolVersion", server.index))
                .evidence(version.to_string());
        }
        for (name, node) in server.tls("cipherSuites").into_iter().flat_map(strings) {
            let Some(weak) = Weak::of(name).filter(|weak| weak.judgement.grade > Grade::Old) else {
                continue;
            };
            let why = weak.judgement.why;
            let message =
                format!("{} allows cipher suite `{}`, which {why}", server.display(), Shown(name));
            let finding = out.report(node.span(), message);
            finding
                .field(format!("spec.servers[{}].tls.cipherSuites", server.index))
                .evidence(name);
            if weak.judgement.grade < Grade::Broken {
                finding.severity(Severity::Medium);
            }
        }
    }
}
