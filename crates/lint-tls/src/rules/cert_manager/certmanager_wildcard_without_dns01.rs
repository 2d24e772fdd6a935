use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{Issuer, Request, Solver, issuers, requests};
use crate::ingress::is_plain;
use crate::names::Shown;

rule! {
    /// A CA issues a wildcard only to who proves control of the whole zone, by a TXT record
    /// (DNS-01). With solvers for HTTP-01 only, cert-manager finds none for the name, and the order
    /// fails with `no configured challenge solvers can be used for this challenge`.
    ///
    /// It is never fine, unless a patch that is not in the repository adds the solver.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames:
    ///   - example.com
    ///   - "*.example.com"
    /// #   ^^^^^^^^^^^^^^^ wildcard `*.example.com` of Certificate `shop/web` needs a DNS-01 solver, and ClusterIssuer `letsencrypt` has none for it
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: letsencrypt}
    /// spec:
    ///   acme:
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     privateKeySecretRef: {name: account}
    ///     solvers:
    ///     - http01: {ingress: {ingressClassName: nginx}}
    ///     - dns01: {route53: {region: eu-central-1}}
    ///       selector: {dnsZones: [example.org]}
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [example.org, "*.example.org"]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: letsencrypt}
    /// spec:
    ///   acme:
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     privateKeySecretRef: {name: account}
    ///     solvers:
    ///     - http01: {ingress: {ingressClassName: nginx}}
    ///     - dns01: {route53: {region: eu-central-1}}
    ///       selector: {dnsZones: [example.org]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-wildcard-without-dns01",
        summary: "wildcard is requested from an issuer without a DNS-01 solver for it",
        remedy: "Add a DNS-01 solver for the zone, or ask for the single names.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &[
            "https://cert-manager.io/docs/configuration/acme/dns01/",
            "https://letsencrypt.org/docs/challenge-types/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for request in requests(snapshot) {
        let wildcards = || {
            let names = request.dns_names.iter();
            names.filter(|(name, _)| name.starts_with("*.") && is_plain(name))
        };
        if wildcards().next().is_none() {
            continue;
        }
        let candidates = issuers(snapshot, &request);
        let Some(issuer) = candidates.first() else { continue };
        for &(name, node) in wildcards() {
            if !candidates.iter().all(|issuer| only_answers_by_http(issuer, &request, name)) {
                continue;
            }
            let message = format!(
                "wildcard `{}` of {} needs a DNS-01 solver, and {} has none for it",
                Shown(name),
                request.object.view.display(),
                issuer.view().display()
            );
            request
                .report(out, node.span(), message)
                .field("spec.dnsNames")
                .evidence(name)
                .related(issuer.object.source(), issuer.view().name_span(), "the issuer");
        }
    }
}

/// Whether there are solvers for a name, and all are for HTTP-01.
fn only_answers_by_http(issuer: &Issuer<'_>, request: &Request<'_>, name: &str) -> bool {
    let Some(acme) = issuer.acme() else { return false };
    let mut solvers = acme.solvers().filter(|solver| solver.selects(request, name)).peekable();
    solvers.peek().is_some()
        && solvers.all(|solver: Solver<'_>| solver.is_http01() && !solver.is_dns01())
}
