use std::collections::BTreeMap;

use careen_model::{Context, Snapshot};
use careen_rule::{Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::date::{Date, Span};
use crate::endpoints::{Endpoint, endpoints};
use crate::names::Shown;
use crate::served::{served, show};
use crate::validity::{Validity, WINDOW, window};

rule! {
    /// Who serves a host with a certificate that has expired, or soon will: this says which hosts
    /// go down with it. Clients refuse an expired certificate; with HSTS, browsers do not even
    /// offer a way around the warning. That the certificate itself is old is told where it stands;
    /// here it is told where people look for the host: Ingress, Gateway, IngressRoute, HTTPProxy
    /// and VirtualServer.
    ///
    /// It is fine where the Secret in the repository is a stand-in that is replaced in the
    /// cluster. Where several Secrets could be meant, as in overlays, the freshest counts.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// old: {names: [shop.example.com], issuer: ca, not_before: -1y, not_after: -10d}
    /// soon: {names: [api.example.com], issuer: ca, not_before: -80d, not_after: 10d}
    /// new: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   tls:
    ///   - hosts: [shop.example.com, www.shop.example.com]
    ///     secretName: web-tls
    /// #               ^^^^^^^ host `shop.example.com` and 1 more of Ingress `shop/web` get the certificate of Secret `web-tls`, which expired on 2026-11-21
    ///   - hosts: [api.example.com]
    ///     secretName: api-tls
    /// #               ^^^^^^^ host `api.example.com` of Ingress `shop/web` gets the certificate of Secret `api-tls`, which expires on 2026-12-11, in 10 days
    ///   rules:
    ///   - host: shop.example.com
    ///   - host: www.shop.example.com
    ///   - host: api.example.com
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${old.crt|base64}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: api-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${soon.crt|base64}
    /// ```
    /// ```yaml good file=web.yaml
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web}
    /// spec:
    ///   tls:
    ///   - hosts: [shop.example.com]
    ///     secretName: web-tls
    ///   rules:
    ///   - host: shop.example.com
    /// ```
    /// ```yaml good file=live/secret.yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: live}
    /// data:
    ///   tls.crt: ${new.crt|base64}
    /// ```
    /// ```yaml good file=stage/secret.yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: stage}
    /// data:
    ///   tls.crt: ${old.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-certificate-expires",
        summary: "host is served with a certificate that has expired or soon will",
        remedy: "Renew the certificate in the Secret, and let something renew it from then on, such as cert-manager.",
        severity: High,
        check: Check::Snapshot(check),
        cwe: &[298],
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
            "https://cert-manager.io/docs/usage/ingress/",
        ],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    // The hosts of one mention of a Secret.
    let mut mentions: BTreeMap<(&str, u32), (Endpoint<'_>, usize)> = BTreeMap::new();
    for endpoint in endpoints(snapshot) {
        let place = (endpoint.object.source().path(), endpoint.secret.node.span().start);
        mentions.entry(place).and_modify(|(_, more)| *more += 1).or_insert((endpoint, 0));
    }
    for (endpoint, more) in mentions.into_values() {
        tell(snapshot, context, &endpoint, more, out);
    }
}

fn tell(
    snapshot: &Snapshot,
    context: &Context,
    endpoint: &Endpoint<'_>,
    more: usize,
    out: &mut SnapshotSink<'_>,
) {
    let secret = endpoint.secret;
    let served = served(snapshot, secret.namespace, secret.name);
    let Some(freshest) = served.iter().max_by_key(|each| each.certificate.not_after) else {
        return;
    };
    let certificate = freshest.certificate;
    let end = Date(certificate.not_after);
    let left = certificate.not_after.saturating_sub(context.now);
    let when = match Validity::of(certificate, context.now) {
        Validity::Expired => format!("expired on {end}"),
        Validity::Valid if left < window(certificate, WINDOW) => {
            format!("expires on {end}, in {}", Span(left))
        }
        _ => return,
    };
    let host = Shown(endpoint.host);
    let holder = endpoint.object.view.display();
    let hosts = match more {
        0 => format!("host `{host}` of {holder} gets"),
        more => format!("host `{host}` and {more} more of {holder} get"),
    };
    let message =
        format!("{hosts} the certificate of Secret `{}`, which {when}", Shown(secret.name));
    let finding = out.report(endpoint.object.source(), secret.node.span(), message);
    finding.object(endpoint.object.path()).evidence(secret.name);
    if left >= 0 {
        finding.severity(Severity::Medium);
    }
    show(finding, &served);
}
