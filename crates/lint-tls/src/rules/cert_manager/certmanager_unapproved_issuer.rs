use careen_model::{Context, Snapshot};
use careen_rule::{OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::requests;
use crate::ingress::is_plain;

rule! {
    /// Which CA vouches for your hosts is a decision of the organization: each issuer has its own
    /// trust, limits, costs and audit. Which ones are fine is yours to say: `issuers` lists them,
    /// and without it the rule says nothing.
    ///
    /// ```config
    /// rules: {certmanager-unapproved-issuer: {issuers: [ClusterIssuer/letsencrypt, internal]}}
    /// ```
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef:
    ///     name: letsencrypt
    /// #         ^^^^^^^^^^^ Certificate `shop/web` is issued by Issuer `letsencrypt`, which is not among the allowed ones
    /// ```
    /// ```config
    /// rules: {certmanager-unapproved-issuer: {issuers: [ClusterIssuer/letsencrypt, internal]}}
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   dnsNames: [api.shop.svc]
    ///   issuerRef: {name: internal}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-unapproved-issuer",
        summary: "certificate comes from an issuer that the configuration does not allow",
        remedy: "Use one of the allowed issuers.",
        severity: Medium,
        check: Check::Snapshot(check),
        peers: &["kyverno:cert-manager/restrict-issuer"],
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/concepts/issuer/"],
        options: &[RuleOption {
            name: "issuers",
            kind: OptionKind::Words,
            summary: "The issuers that certificates may come from, by name or as `Kind/name`; without them the rule says nothing.",
        }],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let allowed = context.options.words(RULE.meta.id, "issuers");
    if allowed.is_empty() {
        return;
    }
    for request in requests(snapshot) {
        let Some(reference) = request.issuer.filter(|issuer| is_plain(issuer.name.0)) else {
            continue;
        };
        let (name, node) = reference.name;
        let is = |word: &String| match word.split_once('/') {
            Some((kind, wanted)) => kind == reference.kind && wanted == name,
            None => word == name,
        };
        if !allowed.iter().any(is) {
            let message = format!(
                "{} is issued by {reference}, which is not among the allowed ones",
                request.object.view.display()
            );
            request.report(out, node.span(), message).field("spec.issuerRef").evidence(name);
        }
    }
}
