use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::coverage::Coverage;
use crate::gateway::{Listener, gateways, listeners};
use crate::ingress::is_plain;
use crate::names::{Hosts, Shown};
use crate::served::show;

rule! {
    /// Clients choose the listener by the host they ask for, get its certificate and hang up, since
    /// the certificate is for others (Go: `x509: certificate is valid for …, not …`). The Gateway
    /// itself does not compare the two and reports the listener as programmed. A hostname with a
    /// wildcard is only reported if the certificate names nothing below it at all.
    ///
    /// It is fine where the Secret in the repository is a stand-in that is replaced in the cluster.
    /// Of several certificates of one listener, one that covers the hostname is enough.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com, "*.shop.example.com"], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - name: https
    ///     hostname: api.example.com
    /// #             ^^^^^^^^^^^^^^^ hostname `api.example.com` of listener `https` of Gateway `infra/edge` is not covered by the certificate in Secret `infra/web-tls`, which covers `shop.example.com`, `*.shop.example.com`
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: web-tls}]}
    ///   - name: all
    ///     hostname: "*.api.example.com"
    /// #             ^^^^^^^^^^^^^^^^^^^ hostname `*.api.example.com` of listener `all` of Gateway `infra/edge` is not covered
    ///     protocol: TLS
    ///     port: 8443
    ///     tls: {certificateRefs: [{name: web-tls}]}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: infra}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - name: exact
    ///     hostname: a.shop.example.com
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: web-tls}]}
    ///   - name: wide
    ///     hostname: "*.example.com"
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: web-tls}]}
    ///   - name: also-another
    ///     hostname: api.example.com
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: web-tls}, {name: from-elsewhere}]}
    ///   - name: through
    ///     hostname: api.example.com
    ///     protocol: TLS
    ///     port: 8443
    ///     tls: {mode: Passthrough, certificateRefs: [{name: web-tls}]}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: infra}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-certificate-does-not-cover-listener",
        summary: "certificate of a listener does not cover its hostname",
        remedy: "Have the certificate issued again with the hostname among its subject alternative names, or name the Secret whose certificate has it.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://gateway-api.sigs.k8s.io/guides/tls/",
            "https://www.rfc-editor.org/rfc/rfc9525#section-6.3",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut coverage = Coverage::default();
    for gateway in gateways(snapshot) {
        for listener in listeners(gateway).filter(Listener::ends_tls) {
            let Some((host, node)) = listener.hostname().filter(|(host, _)| is_plain(host)) else {
                continue;
            };
            let Some(served) = listener.certificates(snapshot) else { continue };
            if coverage.answers(served.iter().map(|each| each.certificate), host) {
                continue;
            }
            let Some(first) = served.first() else { continue };
            let message = format!(
                "hostname `{}` of {} is not covered by the certificate in {}, which covers {}",
                Shown(host),
                listener.display(),
                first.secret.view.display(),
                Hosts(first.certificate)
            );
            let finding = out.report(gateway.source(), node.span(), message);
            let field = format!("spec.listeners[{}].hostname", listener.index);
            show(finding.object(gateway.path()).field(field).evidence(host), &served);
        }
    }
}
