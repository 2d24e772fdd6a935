use std::collections::{BTreeMap, BTreeSet};

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{Request, requests, says_test};
use crate::ingress::is_plain;
use crate::names::Shown;

rule! {
    /// Two Certificates that write one Secret fight over it: old releases of cert-manager issued both
    /// again and again, until the CA's rate limit; a current one writes the oldest, and the others
    /// never get ready, so that their hosts have no certificate. Which one that is differs between
    /// clusters. The same goes for an annotated Ingress or Gateway and a Certificate of another
    /// name. Of two annotated Ingresses that name one Secret, the hosts of the first one only get
    /// into the certificate.
    ///
    /// It is fine where the objects never meet in one cluster; those in different folders are told
    /// with a low confidence. Several annotated Ingresses with the same hosts are fine.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    /// #             ^^^^^^^ Secret `web-tls` of Certificate `shop/api` is written by Certificate `shop/web` as well
    ///   dnsNames: [api.example.com]
    ///   issuerRef: {name: internal}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations: {cert-manager.io/cluster-issuer: internal}
    /// spec:
    ///   tls: [{hosts: [shop.example.com], secretName: web-tls}]
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations: {cert-manager.io/cluster-issuer: internal}
    /// spec:
    ///   tls:
    ///   - hosts: [api.example.com]
    ///     secretName: web-tls
    /// #               ^^^^^^^ Secret `web-tls` of Ingress `shop/api` is written for Ingress `shop/web` as well, without host `api.example.com`
    ///   rules: [{host: api.example.com}]
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web-tls, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com, api.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// # cert-manager leaves a Certificate of that name as it is.
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations: {cert-manager.io/issuer: internal}
    /// spec:
    ///   tls: [{hosts: [shop.example.com], secretName: web-tls}]
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: blog}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [blog.example.com]
    ///   issuerRef: {name: internal}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-duplicate-secret-name",
        summary: "two certificates are written to one Secret",
        remedy: "Give each Certificate a Secret of its own, or one Certificate all the names.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/usage/certificate/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut writers: BTreeMap<(Option<&str>, &str), Vec<Request<'_>>> = BTreeMap::new();
    for request in requests(snapshot) {
        let Some((secret, _)) = request.secret.filter(|(secret, _)| is_plain(secret)) else {
            continue;
        };
        if !request.object.view.is_fragment() && is_plain(certificate_name(&request)) {
            let namespace = request.namespace();
            writers.entry((namespace, secret)).or_default().push(request);
        }
    }
    for ((namespace, _), writers) in &writers {
        let Some((first, others)) = writers.split_first() else { continue };
        let names: BTreeSet<&str> = first.dns_names.iter().map(|(name, _)| *name).collect();
        for other in others {
            let together = folder(first) == folder(other);
            if namespace.is_some() || together {
                // What is for tests is there instead of the other.
                let sure = together && is_test(first) == is_test(other);
                judge(first, &names, other, sure, out);
            }
        }
    }
}

fn judge(
    first: &Request<'_>,
    names: &BTreeSet<&str>,
    other: &Request<'_>,
    sure: bool,
    out: &mut SnapshotSink<'_>,
) {
    let Some((secret, node)) = other.secret else { return };
    let (of, by) = (other.object.view.display(), first.object.view.display());
    let secret = Shown(secret);
    let (message, severity) = if certificate_name(first) != certificate_name(other) {
        (format!("Secret `{secret}` of {of} is written by {by} as well"), Severity::High)
    } else if first.by_annotation
        && other.by_annotation
        && first.object.view.name() != other.object.view.name()
    {
        let mut missing = other.dns_names.iter().filter(|(host, _)| !names.contains(host));
        let Some((host, _)) = missing.next() else { return };
        let host = Shown(host);
        let message =
            format!("Secret `{secret}` of {of} is written for {by} as well, without host `{host}`");
        (message, Severity::Medium)
    } else {
        return;
    };
    let finding = other
        .report(out, node.span(), message)
        .field("spec.secretName")
        .evidence(first.object.view.name())
        .severity(severity);
    if !sure {
        finding.confidence(Confidence::Low);
    }
    finding.related(first.object.source(), first.span(), "the other writer");
}

fn is_test(request: &Request<'_>) -> bool {
    says_test(request.object.view.name()) || says_test(request.object.source().path())
}

/// The name of the Certificate that writes the Secret: for annotations it is the Secret's.
fn certificate_name<'a>(request: &Request<'a>) -> &'a str {
    match request.secret {
        Some((secret, _)) if request.by_annotation => secret,
        _ => request.object.view.name(),
    }
}

fn folder<'a>(request: &Request<'a>) -> &'a str {
    request.object.source().path().rsplit_once('/').map_or("", |(folder, _)| folder)
}
