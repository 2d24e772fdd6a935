use std::net::IpAddr;

use careen_kube_model::field;
use careen_model::{Context, Snapshot};
use careen_rule::{Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{IssuerKind, Request, Text, issuers, public, requests};
use crate::ingress::HostSet;
use crate::names::{Shown, is_host};

/// Longest common name (RFC 5280, `ub-common-name`).
const LONGEST_COMMON_NAME: usize = 64;
/// Fields one of which a Certificate must have, in all versions there ever were.
const NAMES: &[&str] = &[
    "commonName",
    "dnsNames",
    "ipAddresses",
    "uris",
    "uriSANs",
    "emailAddresses",
    "emailSANs",
    "otherNames",
    "literalSubject",
];

rule! {
    /// A certificate must name somebody, and a CA checks how. A common name over 64 characters, an
    /// address or a URL among the DNS names, or a wildcard in the middle of a name fail the order
    /// at the CA, if cert-manager's webhook does not refuse them first. Through ACME the common
    /// name must be among the DNS names as well; elsewhere a host that is only the common name is
    /// one that no client looks for.
    ///
    /// A common name that is no host, such as a user's or a CA's, is fine.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   commonName: a-very-long-name-for-a-feature-branch-of-the-shop.preview.example.com
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ common name of Certificate `shop/web` has 69 characters, and 64 are the most
    ///   dnsNames:
    ///   - https://shop.example.com
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^ DNS name `https://shop.example.com` of Certificate `shop/web` is a URL
    ///   - 10.0.0.5
    /// #   ^^^^^^^^ DNS name `10.0.0.5` of Certificate `shop/web` is an IP address, which belongs into `ipAddresses`
    ///   - "shop.*.example.com"
    /// #   ^^^^^^^^^^^^^^^^^^^^ DNS name `shop.*.example.com` of Certificate `shop/web` has a wildcard that is not its whole first label
    ///   - shop..example.com
    /// #   ^^^^^^^^^^^^^^^^^ DNS name `shop..example.com` of Certificate `shop/web` has an empty label
    ///   - shop.example.com:8443
    /// #   ^^^^^^^^^^^^^^^^^^^^^ DNS name `shop.example.com:8443` of Certificate `shop/web` has a port
    ///   ipAddresses:
    ///   - 10.0.0
    /// #   ^^^^^^ `10.0.0` in `ipAddresses` of Certificate `shop/web` is no IP address
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// #                ^^^ Certificate `shop/api` names nobody
    /// spec:
    ///   secretName: api-tls
    ///   issuerRef: {name: internal}
    /// ```
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   commonName: example.com
    /// #             ^^^^^^^^^^^ common name `example.com` of Certificate `shop/web` is not among its DNS names, so the ACME order fails
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   commonName: api.example.com
    /// #             ^^^^^^^^^^^^^^^ common name `api.example.com` of Certificate `shop/api` is not among its DNS names, and no client looks at it
    ///   issuerRef: {name: internal}
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   commonName: shop.example.com
    ///   dnsNames: [shop.example.com, "*.shop.example.com", "${HOST}"]
    ///   ipAddresses: [10.0.0.5, "2001:db8::1"]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: client, namespace: shop}
    /// spec:
    ///   secretName: client-tls
    ///   commonName: system:node:web
    ///   usages: [client auth]
    ///   issuerRef: {name: internal}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-names-invalid",
        summary: "requested names are none that a CA issues for",
        remedy: "Write hosts into `dnsNames` as plain names, addresses into `ipAddresses`, and leave `commonName` out.",
        severity: High,
        check: Check::Snapshot(check),
        peers: &["kyverno:cert-manager/limit-dnsnames"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://cert-manager.io/docs/usage/certificate/",
            "https://www.rfc-editor.org/rfc/rfc9525#section-6.3",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for request in requests(snapshot) {
        let by = request.object.view.display();
        common_name(snapshot, &request, out);
        if request.by_annotation {
            continue;
        }
        let Some(spec) = request.object.view.spec() else { continue };
        if !NAMES.iter().any(|name| field(spec, name).is_some()) {
            let message = format!("{by} names nobody");
            request.report(out, request.span(), message).field("spec");
        }
        for &(name, node) in &request.dns_names {
            if let Some(problem) = problem(name) {
                let message = format!("DNS name `{}` of {by} {problem}", Shown(name));
                request.report(out, node.span(), message).field("spec.dnsNames").evidence(name);
            }
        }
        for &(address, node) in &request.addresses {
            if !is_variable(address) && address.parse::<IpAddr>().is_err() {
                let address = Shown(address);
                let message = format!("`{address}` in `ipAddresses` of {by} is no IP address");
                request
                    .report(out, node.span(), message)
                    .field("spec.ipAddresses")
                    .evidence(address.0);
            }
        }
    }
}

fn common_name(snapshot: &Snapshot, request: &Request<'_>, out: &mut SnapshotSink<'_>) {
    let Some((name, node)) = request.common_name.filter(|(name, _)| !is_variable(name)) else {
        return;
    };
    let by = request.object.view.display();
    let length = name.chars().count();
    let (message, severity) = if length > LONGEST_COMMON_NAME {
        let most = LONGEST_COMMON_NAME;
        let message =
            format!("common name of {by} has {length} characters, and {most} are the most");
        (message, Severity::High)
    } else if let Some((why, severity)) = is_apart(snapshot, request, (name, node)) {
        let name = Shown(name);
        let message = format!("common name `{name}` of {by} is not among its DNS names, {why}");
        (message, severity)
    } else {
        return;
    };
    request.report(out, node.span(), message).field("spec.commonName").severity(severity);
}

/// What follows from a common name that is not among the other names, if anything.
fn is_apart(
    snapshot: &Snapshot,
    request: &Request<'_>,
    (name, _): Text<'_>,
) -> Option<(&'static str, Severity)> {
    let others = || request.dns_names.iter().chain(&request.addresses).map(|(other, _)| *other);
    if request.is_ca || others().any(|other| is_variable(other) || name.eq_ignore_ascii_case(other))
    {
        return None;
    }
    let candidates = issuers(snapshot, request);
    let acme = match candidates.as_slice() {
        [] => public(request, &candidates).is_some(),
        known => known.iter().all(|issuer| issuer.kind() == IssuerKind::Acme),
    };
    if acme {
        return Some(("so the ACME order fails", Severity::High));
    }
    let for_clients =
        request.usage("client auth").is_some() && request.usage("server auth").is_none();
    let covered = others().collect::<HostSet>().lists(name);
    let is_name = is_host(name) && name.contains('.');
    (is_name && !covered && !for_clients).then_some(("and no client looks at it", Severity::Low))
}

fn is_variable(text: &str) -> bool {
    text.contains(['{', '}', '$', '<', '>', '%', '_'])
}

/// Why no CA issues for a DNS name, if it is one that is written out.
fn problem(name: &str) -> Option<&'static str> {
    if is_variable(name) {
        return None;
    }
    let bare = name.strip_prefix("*.").unwrap_or(name);
    let labels = || bare.split('.');
    let hyphen = |label: &str| label.starts_with('-') || label.ends_with('-');
    match () {
        () if name.contains("://") => Some("is a URL"),
        () if name.parse::<IpAddr>().is_ok() => {
            Some("is an IP address, which belongs into `ipAddresses`")
        }
        () if name.contains('/') => Some("has a path"),
        () if name.contains(':') => Some("has a port"),
        () if !name.is_ascii() => Some("is not in ASCII: it is written as `xn--` in certificates"),
        () if bare.contains('*') => Some("has a wildcard that is not its whole first label"),
        () if labels().any(str::is_empty) => Some("has an empty label"),
        () if name.len() > 253 || labels().any(|label| label.len() > 63) => Some("is too long"),
        () if labels().any(hyphen) => Some("has a label that begins or ends with a hyphen"),
        () if !bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)) => {
            Some("has characters that no host name has")
        }
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn names_are_judged() {
        for name in ["shop.example.com", "*.example.com", "web", "xn--bcher-kva.example", "{{ x }}"]
        {
            assert_eq!(problem(name), None, "{name}");
        }
        for name in [
            "*",
            "*.*.example.com",
            "a b",
            "-a.example.com",
            ".example.com",
            "bücher.example",
            "a/b",
        ] {
            assert!(problem(name).is_some(), "{name}");
        }
        assert!(problem(&"a".repeat(64)).is_some());
    }
}
