use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::coverage::Coverage;
use crate::endpoints::SecretName;
use crate::gateway::{Listener, gateways, listeners};
use crate::ingress::is_plain;
use crate::names::Shown;
use crate::served::Served;

rule! {
    /// Browsers send requests for a second host over an HTTP/2 connection they have, if its
    /// certificate covers that host too. The connection belongs to the listener of the first host,
    /// whose routes know nothing of the second: people see 404, or 421 and a second try, only in
    /// browsers and only now and then. Envoy Gateway turns HTTP/2 off for such listeners.
    ///
    /// It is fine where both hosts have the same routes, or the implementation answers 421, which
    /// the Gateway API asks for.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - name: shop
    ///     hostname: shop.example.com
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: wildcard}]}
    ///   - name: api
    ///     hostname: api.example.com
    /// #             ^^^^^^^^^^^^^^^ hostname `api.example.com` of listener `api` of Gateway `infra/edge` is covered by the certificate of listener `shop` as well
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: wildcard}]}
    /// ```
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// shop: {names: [shop.example.com], issuer: ca}
    /// api: {names: [api.example.com], issuer: ca}
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - name: shop
    ///     hostname: shop.example.com
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: shop-tls}]}
    ///   - name: api
    ///     hostname: api.example.com
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: api-tls}]}
    ///   - name: shop-admin
    ///     hostname: admin.example.com
    ///     protocol: HTTPS
    ///     port: 8443
    ///     tls: {certificateRefs: [{name: shop-tls}, {name: admin-tls}]}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-tls, namespace: infra}
    /// data:
    ///   tls.crt: ${shop.crt|base64}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: api-tls, namespace: infra}
    /// data:
    ///   tls.crt: ${api.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-overlapping-certificates",
        summary: "certificate of a listener covers the host of another listener",
        remedy: "Give each host a certificate of its own, or serve all hosts of the certificate by one listener.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &["istioctl:IST0138"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://gateway-api.sigs.k8s.io/geps/gep-3567/",
            "https://www.rfc-editor.org/rfc/rfc9113#section-9.1.1",
        ],
    }
}

/// A listener with what is known of its certificates.
struct Known<'a> {
    listener: Listener<'a>,
    host: &'a str,
    secrets: Vec<SecretName<'a>>,
    served: Vec<Served<'a>>,
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut coverage = Coverage::default();
    for gateway in gateways(snapshot) {
        let all: Vec<Known<'_>> = listeners(gateway)
            .filter(|listener| listener.protocol() == "HTTPS" && listener.ends_tls())
            .filter_map(|listener| {
                let (host, _) = listener.hostname().filter(|(host, _)| is_plain(host))?;
                let secrets = listener.references().flatten().collect();
                let served = listener.certificates(snapshot).unwrap_or_default();
                Some(Known { listener, host, secrets, served })
            })
            .collect();
        for (at, one) in all.iter().enumerate() {
            let found = all.iter().take(at).find(|other| overlap(one, other, &mut coverage));
            let Some((other, (_, node))) = found.zip(one.listener.hostname()) else { continue };
            let message = format!(
                "hostname `{}` of {} is covered by the certificate of listener `{}` as well",
                Shown(one.host),
                one.listener.display(),
                Shown(other.listener.name)
            );
            let field = format!("spec.listeners[{}].hostname", one.listener.index);
            out.report(gateway.source(), node.span(), message)
                .object(gateway.path())
                .field(field)
                .evidence(one.host)
                .related(gateway.source(), other.listener.place().span(), "the other listener");
        }
    }
}

/// Whether a connection to one of two listeners is used for the host of the other.
fn overlap(one: &Known<'_>, other: &Known<'_>, coverage: &mut Coverage) -> bool {
    let apart =
        one.listener.port() == other.listener.port() && !one.host.eq_ignore_ascii_case(other.host);
    if !apart || !coverage.spend(one.secrets.len().max(1)) {
        return false;
    }
    // What is in the Secret must be for both.
    let shared = |secret: &SecretName<'_>| {
        other.secrets.len() == 1
            && other
                .secrets
                .iter()
                .any(|each| each.name == secret.name && each.namespace == secret.namespace)
    };
    if one.served.is_empty() || other.served.is_empty() {
        return one.secrets.len() == 1 && one.secrets.iter().any(shared);
    }
    // Asked only once the limit is not reached, behind which everything counts as covered.
    let mut covers = |served: &[Served<'_>], host: &str| {
        let certificates = served.iter().map(|each| each.certificate);
        coverage.answers(certificates, host) && coverage.spend(1)
    };
    covers(&other.served, one.host) || covers(&one.served, other.host)
}
