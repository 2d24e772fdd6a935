use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{Budget, Policies, requests};

rule! {
    /// Where approver-policy is installed, a request is denied if CertificateRequestPolicies are in
    /// charge of it and none permits all of it: names, usages, key, duration. The Certificate is
    /// then tried again with growing delays and never issued; what is served meanwhile expires.
    /// What a policy does not mention is not allowed, and a policy with a limit on `duration` wants
    /// to see one in the request.
    ///
    /// Expressions and plugins of policies are taken for a yes, and that the requester may `use`
    /// the policies for granted: so it is fine if RBAC gives this requester other policies than
    /// those of the repository.
    ///
    /// ```yaml bad
    /// apiVersion: policy.cert-manager.io/v1alpha1
    /// kind: CertificateRequestPolicy
    /// metadata: {name: internal}
    /// spec:
    ///   allowed:
    ///     dnsNames: {values: ["*.shop.svc"]}
    ///     usages: [server auth]
    ///   constraints:
    ///     maxDuration: 2160h
    ///   selector:
    ///     issuerRef: {name: internal, kind: ClusterIssuer}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   duration: 720h
    ///   dnsNames:
    ///   - web.shop.svc
    ///   - web.blog.svc
    /// #   ^^^^^^^^^^^^ CertificateRequestPolicy `internal` denies Certificate `shop/web`: the DNS name `web.blog.svc` is not allowed
    ///   issuerRef: {kind: ClusterIssuer, name: internal}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// #                ^^^ CertificateRequestPolicy `internal` denies Certificate `shop/api`: it does not say its `duration`, which is limited
    /// spec:
    ///   secretName: api-tls
    ///   dnsNames: [api.shop.svc]
    ///   issuerRef: {kind: ClusterIssuer, name: internal}
    /// ```
    /// ```yaml good
    /// apiVersion: policy.cert-manager.io/v1alpha1
    /// kind: CertificateRequestPolicy
    /// metadata: {name: internal}
    /// spec:
    ///   allowed:
    ///     dnsNames: {values: ["*.shop.svc"]}
    ///     usages: [server auth]
    ///   constraints:
    ///     maxDuration: 2160h
    ///     privateKey: {algorithm: ECDSA}
    ///   selector:
    ///     issuerRef: {name: internal, kind: ClusterIssuer}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   duration: 720h
    ///   usages: [server auth]
    ///   privateKey: {algorithm: ECDSA, size: 256}
    ///   dnsNames: [web.shop.svc]
    ///   issuerRef: {kind: ClusterIssuer, name: internal}
    /// ---
    /// # No policy is in charge.
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   secretName: public-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-policy-denied",
        summary: "no policy of the repository approves the certificate",
        remedy: "Ask for what the policy allows, or allow it there.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/policy/approval/approver-policy/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let policies = Policies::of(snapshot);
    if policies.is_empty() {
        return;
    }
    let mut budget = Budget::new();
    for request in requests(snapshot) {
        let Some(refusal) = policies.refusal(&request, &mut budget) else { continue };
        let message = format!(
            "{} denies {}: {}",
            refusal.policy.view.display(),
            request.object.view.display(),
            refusal.reason
        );
        let span = refusal.node.map_or_else(|| request.span(), |node| node.span());
        request.report(out, span, message).evidence(refusal.policy.view.name()).related(
            refusal.policy.source(),
            refusal.policy.view.name_span(),
            "the policy",
        );
    }
}
