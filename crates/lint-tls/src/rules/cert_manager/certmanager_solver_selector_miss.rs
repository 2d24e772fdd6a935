use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{Budget, Candidate, issuers, requests};
use crate::ingress::is_plain;
use crate::names::Shown;

rule! {
    /// Each solver of an ACME issuer may be for some zones, names or labels only. If none is for a
    /// name, cert-manager cannot answer the CA, and the order fails for all of the names. Labels
    /// are those of the Certificate, or of the annotated Ingress or Gateway; all parts of a
    /// selector must fit at once.
    ///
    /// It is never fine, unless a patch that is not in the repository adds a solver.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames:
    ///   - shop.example.com
    ///   - shop.example.org
    /// #   ^^^^^^^^^^^^^^^^ no solver of ClusterIssuer `letsencrypt` is for `shop.example.org` of Certificate `shop/web`
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
    ///     - dns01: {route53: {region: eu-central-1}}
    ///       selector: {dnsZones: [example.com]}
    ///     - http01: {ingress: {ingressClassName: nginx}}
    ///       selector: {matchLabels: {solver: http}}
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop, labels: {solver: http}}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com, shop.example.org]
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
    ///     - dns01: {route53: {region: eu-central-1}}
    ///       selector: {dnsZones: [example.com]}
    ///     - http01: {ingress: {ingressClassName: nginx}}
    ///       selector: {matchLabels: {solver: http}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-solver-selector-miss",
        summary: "no solver of the issuer is for a requested name",
        remedy: "Add the zone, name or label to the selector of a solver, or a solver without a selector.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/configuration/acme/#adding-multiple-solver-types"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut budget = Budget::new();
    for request in requests(snapshot) {
        let issuers = issuers(snapshot, &request);
        let Some(issuer) = issuers.first() else { continue };
        // One without any solver is told by `certmanager-issuer-account-incomplete`.
        let solvers = issuers.iter().map(|issuer| {
            let acme = issuer.acme().filter(|acme| acme.solvers().next().is_some())?;
            acme.candidates(&request, &mut budget)
        });
        let Some(solvers) = solvers.collect::<Option<Vec<_>>>() else { continue };
        for &(name, node) in request.dns_names.iter().filter(|(name, _)| is_plain(name)) {
            let mut missed =
                |solver: &Candidate<'_>| solver.is_for(name, &mut budget) == Some(false);
            if !solvers.iter().flatten().all(&mut missed) {
                continue;
            }
            let message = format!(
                "no solver of {} is for `{}` of {}",
                issuer.view().display(),
                Shown(name),
                request.object.view.display()
            );
            request
                .report(out, node.span(), message)
                .field("spec.dnsNames")
                .evidence(name)
                .related(issuer.object.source(), issuer.view().name_span(), "the issuer");
        }
    }
}
