use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::names::{Hosts, Shown};
use crate::served::show;
use crate::webhooks::{Callee, KINDS};

rule! {
    /// The API server calls a webhook by the name `<service>.<namespace>.svc` and asks for exactly
    /// that name in the certificate. A certificate for the Service's short name, for
    /// `….svc.cluster.local` only, or with the name in the common name alone is refused, and with
    /// it every request that the webhook should judge.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// short: {names: [orders, orders.shop], issuer: ca}
    /// full: {names: [orders.shop.svc], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata: {name: orders}
    /// webhooks:
    /// - name: a.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    /// #                   ^^^^^^ webhook `a.shop.example` of ValidatingWebhookConfiguration `orders` is called as `orders.shop.svc`, but its certificate in Secret `shop/orders-tls` covers `orders`, `orders.shop`
    ///     caBundle: ${ca.crt|base64}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: orders, namespace: shop}
    /// spec: {selector: {app: orders}, ports: [{port: 443}]}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: orders, namespace: shop, labels: {app: orders}}
    /// spec:
    ///   containers: [{name: web, image: shop/orders}]
    ///   volumes: [{name: tls, secret: {secretName: orders-tls}}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: orders-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${short.crt|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata: {name: orders}
    /// webhooks:
    /// - name: a.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///     caBundle: ${ca.crt|base64}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: orders, namespace: shop}
    /// spec: {selector: {app: orders}, ports: [{port: 443}]}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: orders, namespace: shop, labels: {app: orders}}
    /// spec:
    ///   containers: [{name: web, image: shop/orders}]
    ///   volumes: [{name: tls, secret: {secretName: orders-tls}}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: orders-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${full.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "webhook-serving-certificate-name",
        summary: "certificate of a webhook does not cover the name it is called by",
        remedy: "Issue the certificate for `<service>.<namespace>.svc`.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#authenticate-apiservers",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for object in KINDS.iter().flat_map(|kind| snapshot.of_kind(kind)) {
        for callee in Callee::of(object) {
            let Some((service, Some(namespace))) = callee.service() else { continue };
            let served = callee.served(snapshot);
            let host = format!("{service}.{namespace}.svc");
            let covers = served.iter().any(|each| each.certificate.covers_host(&host));
            let (Some(first), false) = (served.first(), covers) else { continue };
            let message = format!(
                "{} is called as `{}`, but its certificate in {} covers {}",
                callee.display(),
                Shown(&host),
                first.secret.view.display(),
                Hosts(first.certificate)
            );
            let node = callee.config.at(&["service", "name"]).unwrap_or(callee.config);
            let finding = out.report(object.source(), node.span(), message);
            show(finding.object(object.path()).evidence(host), &served);
        }
    }
}
