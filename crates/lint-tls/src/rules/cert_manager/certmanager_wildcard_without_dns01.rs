use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{Budget, Candidate, issuers, requests};
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
    let mut budget = Budget::new();
    for request in requests(snapshot) {
        let wildcards = || {
            let names = request.dns_names.iter();
            names.filter(|(name, _)| name.starts_with("*.") && is_plain(name))
        };
        if wildcards().next().is_none() {
            continue;
        }
        let issuers = issuers(snapshot, &request);
        let Some(issuer) = issuers.first() else { continue };
        let solvers = issuers.iter().map(|issuer| issuer.acme()?.candidates(&request, &mut budget));
        let Some(solvers) = solvers.collect::<Option<Vec<_>>>() else { continue };
        for &(name, node) in wildcards() {
            if !solvers.iter().all(|solvers| only_by_http(solvers, name, &mut budget)) {
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
fn only_by_http(solvers: &[Candidate<'_>], name: &str, budget: &mut Budget) -> bool {
    let mut any = false;
    for candidate in solvers {
        let solver = candidate.solver;
        match candidate.is_for(name, budget) {
            Some(true) if solver.is_http01() && !solver.is_dns01() => any = true,
            Some(false) => {}
            Some(true) | None => return false,
        }
    }
    any
}
