use std::net::IpAddr;

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{Text, issuers, public, requests};
use crate::ingress::is_plain;
use crate::names::Shown;

rule! {
    /// Public CAs issue for names and addresses of the public internet only: they must check who
    /// controls them. An order with a name such as `web.shop.svc`, `nas.local` or `10.0.0.5` is
    /// refused as a whole, so the public names beside it get no certificate either.
    ///
    /// It is never fine. Names inside a cluster want a CA of your own.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames:
    ///   - shop.example.com
    ///   - web.shop.svc.cluster.local
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^ `web.shop.svc.cluster.local` of Certificate `shop/web` is no name of the public internet, so Let's Encrypt refuses the order
    ///   ipAddresses:
    ///   - 10.0.0.5
    /// #   ^^^^^^^^ `10.0.0.5` of Certificate `shop/web` is no address of the public internet, so Let's Encrypt refuses the order
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: letsencrypt}
    /// spec:
    ///   acme:
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     privateKeySecretRef: {name: account}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [web.shop.svc, nas.local]
    ///   ipAddresses: [10.0.0.5]
    ///   issuerRef: {kind: ClusterIssuer, name: internal}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: internal}
    /// spec:
    ///   ca: {secretName: ca}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   dnsNames: [api.shop.co.uk, "*.example.dev"]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-public-issuer-internal-name",
        summary: "internal name or address is requested from a public CA",
        remedy: "Request internal names from a CA of your own, in a Certificate of their own.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &["https://letsencrypt.org/docs/certificates-for-localhost/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for request in requests(snapshot) {
        let Some(authority) = public(&request, &issuers(snapshot, &request)) else { continue };
        let mut tell = |what: &str, (name, node): Text<'_>| {
            let message = format!(
                "`{}` of {} is no {what} of the public internet, so {} refuses the order",
                Shown(name),
                request.object.view.display(),
                authority.name()
            );
            let finding =
                request.report(out, node.span(), message).field("spec.dnsNames").evidence(name);
            if authority.guessed {
                finding.confidence(Confidence::Medium);
            }
        };
        for name in request.names().filter(|(name, _)| is_plain(name) && is_internal(name)) {
            tell("name", name);
        }
        for &address in request.addresses.iter().filter(|(address, _)| is_private(address)) {
            tell("address", address);
        }
    }
}

/// Whether no public registry has the name: it has one label, or its last ones are no public
/// suffix.
fn is_internal(name: &str) -> bool {
    if name.parse::<IpAddr>().is_ok() {
        // `certmanager-names-invalid` tells that.
        return false;
    }
    let name = name.trim_start_matches("*.").trim_end_matches('.').to_ascii_lowercase();
    let known = psl::suffix(name.as_bytes()).is_some_and(|suffix| suffix.is_known());
    !name.contains('.') || !known || name.ends_with(".home.arpa")
}

fn is_private(address: &str) -> bool {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => {
            // 100.64.0.0/10 is shared between customers of a provider (RFC 6598).
            let shared = u32::from(ip) >> 22 == 0x6440_0000 >> 22;
            ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || shared
        }
        Ok(IpAddr::V6(ip)) => {
            ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_internal, is_private};

    #[test]
    fn names_of_the_internet_are_known() {
        for name in ["web", "web.shop.svc", "nas.local", "db.internal", "x.home.arpa", "*.lan"] {
            assert!(is_internal(name), "{name}");
        }
        for name in ["shop.example.com", "*.example.dev", "a.co.uk", "x.github.io", "10.0.0.1"] {
            assert!(!is_internal(name), "{name}");
        }
    }

    #[test]
    fn addresses_of_the_internet_are_known() {
        for ip in
            ["10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1", "100.64.0.1", "fd00::1", "::1"]
        {
            assert!(is_private(ip), "{ip}");
        }
        for ip in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1", "x"] {
            assert!(!is_private(ip), "{ip}");
        }
    }
}
