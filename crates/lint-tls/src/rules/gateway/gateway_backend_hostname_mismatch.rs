use careen_kube_model::path;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_x509_model::San;

use crate::Check;
use crate::coverage::Coverage;
use crate::endpoints::{items, named};
use crate::gateway::{backend_certificates, backend_policies, targets};
use crate::ingress::is_plain;
use crate::names::{Hosts, Shown};
use crate::served::{Served, show};

rule! {
    /// The gateway asks the backend for `hostname` and takes only a certificate with that name. The
    /// certificate that the backend's pods mount is for other names, so every connection fails and
    /// requests are answered with 503. Mostly the public name was written where the certificate is
    /// for the Service's name in the cluster, or the other way round.
    ///
    /// It is fine where the pods show another certificate than those in the Secrets they mount.
    /// With `subjectAltNames`, those are compared instead, as the gateway does.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [billing.shop.svc], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: BackendTLSPolicy
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   targetRefs: [{group: "", kind: Service, name: billing}]
    ///   validation:
    ///     wellKnownCACertificates: System
    ///     hostname: billing.example.com
    /// #             ^^^^^^^^^^^^^^^^^^^ hostname `billing.example.com` of BackendTLSPolicy `shop/billing` is not in the certificate of Service `billing`, which covers `billing.shop.svc`
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: billing, namespace: shop}
    /// spec: {selector: {app: billing}, ports: [{port: 443}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: billing}}
    ///   template:
    ///     metadata: {labels: {app: billing}}
    ///     spec:
    ///       containers: [{name: billing, image: "billing:1"}]
    ///       volumes: [{name: tls, secret: {secretName: billing-tls}}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: billing-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: BackendTLSPolicy
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   targetRefs: [{group: "", kind: Service, name: billing}]
    ///   validation:
    ///     wellKnownCACertificates: System
    ///     hostname: billing.example.com
    ///     subjectAltNames: [{type: Hostname, hostname: billing.shop.svc}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: billing, namespace: shop}
    /// spec: {selector: {app: billing}, ports: [{port: 443}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: billing}}
    ///   template:
    ///     metadata: {labels: {app: billing}}
    ///     spec:
    ///       containers: [{name: billing, image: "billing:1"}]
    ///       volumes: [{name: tls, secret: {secretName: billing-tls}}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: billing-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-backend-hostname-mismatch",
        summary: "name that a gateway asks of a backend is not in the backend's certificate",
        remedy: "Write a name of the backend's certificate, or have the certificate issued again with the name.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::TLS_VALID],
        references: &["https://gateway-api.sigs.k8s.io/api-types/backendtlspolicy/"],
    }
}

/// Pods that are looked at: a limit on hostile input.
const PODS: usize = 1_000_000;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut coverage = Coverage::default();
    let mut left = PODS;
    for policy in backend_policies(snapshot) {
        let view = policy.view;
        let hostname = ["validation", "tls"].iter().find_map(|key| {
            named(view.at(&["spec", key])?, &["hostname"]).filter(|(host, _)| is_plain(host))
        });
        let Some((hostname, node)) = hostname else { continue };
        let mut wanted = Vec::new();
        for name in items(view, &["spec", "validation", "subjectAltNames"]).take(16) {
            let text = |key| path(name, &[key]).and_then(|node| node.text());
            wanted.extend(text("hostname").or_else(|| text("uri")));
        }
        let names_others = !wanted.is_empty();
        if !names_others {
            wanted.push(hostname);
        }
        for service in targets(policy) {
            let served = backend_certificates(snapshot, view.namespace(), service, &mut left);
            let Some(served) = served.filter(|served| !served.is_empty()) else { continue };
            if wanted.iter().any(|name| shows(&served, name, &mut coverage)) {
                continue;
            }
            let Some(first) = served.first() else { continue };
            let what = if names_others { "none of `subjectAltNames`" } else { "hostname" };
            let (shown, verb) = match names_others {
                true => (String::new(), "is"),
                false => (format!(" `{}`", Shown(hostname)), "is not"),
            };
            let message = format!(
                "{what}{shown} of {} {verb} in the certificate of Service `{}`, which covers {}",
                view.display(),
                Shown(service),
                Hosts(first.certificate)
            );
            let finding = out.report(policy.source(), node.span(), message);
            finding.object(policy.path()).field("spec.validation.hostname").evidence(hostname);
            show(finding, &served);
        }
    }
}

fn shows(served: &[Served<'_>], name: &str, coverage: &mut Coverage) -> bool {
    if name.contains(':') {
        let is = |each: &San| matches!(each, San::Uri(uri) if uri == name);
        return served.iter().any(|each| each.certificate.san.iter().any(is));
    }
    !is_plain(name) || coverage.answers(served.iter().map(|each| each.certificate), name)
}
