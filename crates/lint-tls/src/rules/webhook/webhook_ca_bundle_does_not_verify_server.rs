use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::names::{Called, evidence};
use crate::webhooks::{Callee, KINDS, injector, verifies};

rule! {
    /// The API server verifies the webhook with the CA in `caBundle`. If another CA issued the
    /// certificate that the webhook's pods present, every call fails with `x509: certificate
    /// signed by unknown authority`. It happens when one of both was renewed and the other
    /// forgotten, and it shows only when the first object is created.
    ///
    /// The certificate is the one in the Secret that the pods behind the Service mount. It is fine
    /// where a controller replaces bundle and Secret in the cluster.
    ///
    /// ```recipe
    /// old: {ca: true, common_name: Shop CA 1, not_after: 5y}
    /// new: {ca: true, common_name: Shop CA 2, not_after: 5y}
    /// leaf: {names: [orders.shop.svc], issuer: new}
    /// ```
    /// ```yaml bad
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata: {name: orders}
    /// webhooks:
    /// - name: a.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///     caBundle: ${old.crt|base64}
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `caBundle` of webhook `a.shop.example` of ValidatingWebhookConfiguration `orders` does not verify the certificate for `orders.shop.svc` in Secret `shop/orders-tls`
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: orders, namespace: shop}
    /// spec: {selector: {app: orders}, ports: [{port: 443}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: orders, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: orders}}
    ///   template:
    ///     metadata: {labels: {app: orders}}
    ///     spec:
    ///       containers: [{name: web, image: shop/orders}]
    ///       volumes: [{name: tls, secret: {secretName: orders-tls}}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: orders-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata: {name: orders}
    /// webhooks:
    /// - name: a.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///     caBundle: ${new.crt|base64}
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
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "webhook-ca-bundle-does-not-verify-server",
        summary: "CA bundle of a webhook does not verify the certificate that the webhook presents",
        remedy: "Put the certificate of the CA that issued the webhook's certificate into `caBundle`.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#contacting-the-webhook",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for object in KINDS.iter().flat_map(|kind| snapshot.of_kind(kind)) {
        if injector(object.view).is_some() {
            continue;
        }
        for callee in Callee::of(object) {
            let Some(bundle) = callee.authorities() else { continue };
            let Some((item, _)) = bundle.certificates().next() else { continue };
            let served = callee.served(snapshot);
            let Some(first) = served.first() else { continue };
            if served.iter().any(|each| verifies(bundle, each)) {
                continue;
            }
            let message = format!(
                "`caBundle` of {} does not verify the {} in {}",
                callee.display(),
                Called(first.certificate),
                first.secret.view.display()
            );
            out.report(object.source(), item.place, message)
                .object(object.path())
                .evidence(evidence(first.certificate))
                .related(
                    first.secret.source(),
                    first.item.place,
                    "the certificate that the webhook presents",
                );
        }
    }
}
