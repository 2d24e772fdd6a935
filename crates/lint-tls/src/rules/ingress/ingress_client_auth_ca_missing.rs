use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::ca_secret::{Authority, authority, reference};
use crate::date::Date;
use crate::ingress::{is_ingress, is_plain};
use crate::names::{Name, Shown};
use crate::setting::{COMMUNITY, annotation};
use crate::validity::Validity;

rule! {
    /// Clients are to show a certificate, and the CA to verify it with is not there: the Secret
    /// has no `ca.crt`, all CAs in it have expired, or nothing in the repository makes it. With a
    /// Secret that is missing or lacks the key, ingress-nginx answers every request to the host
    /// with an error; with an expired CA every client is refused.
    ///
    /// It is fine where something outside of the repository makes the Secret; that it is not found
    /// is only mentioned. Sealed and external Secrets count as made.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// old: {ca: true, common_name: Old CA, not_before: -5y, not_after: -3d}
    /// leaf: {names: [web.shop.svc], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/auth-tls-secret: shop/clients
    /// #                                                ^^^^^^^^^^^^ Ingress `shop/web` verifies clients by Secret `shop/clients`, which has no `ca.crt`
    /// spec:
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/auth-tls-secret: shop/old
    /// #                                                ^^^^^^^^ Ingress `shop/api` verifies clients by CA `Old CA` in Secret `shop/old`, which expired on 2026-11-28
    /// spec:
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: admin
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/auth-tls-secret: shop/admins
    /// #                                                ^^^^^^^^^^^ Ingress `shop/admin` verifies clients by Secret `admins`, which nothing in the repository makes
    /// spec:
    ///   rules: [{host: admin.example.com}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: clients, namespace: shop}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: old, namespace: shop}
    /// data:
    ///   ca.crt: ${old.crt|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/auth-tls-secret: shop/clients
    /// spec:
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: clients}
    /// data:
    ///   ca.crt: ${ca.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-client-auth-ca-missing",
        summary: "client certificates are required and their CA is missing or has expired",
        remedy: "Put the certificates of the clients' CA into the Secret as `ca.crt`, and name it as `namespace/name`.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#client-certificate-authentication",
        ],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    for ingress in snapshot.of_kind("Ingress").filter(|ingress| is_ingress(ingress.view)) {
        let view = ingress.view;
        let Some(label) = annotation(view, COMMUNITY, "auth-tls-secret") else { continue };
        let (namespace, name) = reference(label.value.trim(), view.namespace());
        if !is_plain(name) {
            continue;
        }
        let who = view.display();
        let mut unsure = false;
        let message = match authority(snapshot, namespace, name, &["ca.crt"]) {
            Authority::Unknown => continue,
            Authority::NoKey(secret) => {
                format!(
                    "{who} verifies clients by {}, which has no `ca.crt`",
                    secret.view.display()
                )
            }
            Authority::Missing => {
                unsure = true;
                let name = Shown(name);
                format!(
                    "{who} verifies clients by Secret `{name}`, which nothing in the repository makes"
                )
            }
            Authority::Known(secret, certificates) => {
                let expired =
                    |certificate| Validity::of(certificate, context.now) == Validity::Expired;
                let Some((_, last)) = certificates.iter().max_by_key(|(_, each)| each.not_after)
                else {
                    continue;
                };
                if !expired(last) {
                    continue;
                }
                format!(
                    "{who} verifies clients by CA `{}` in {}, which expired on {}",
                    Name(last),
                    secret.view.display(),
                    Date(last.not_after)
                )
            }
        };
        let finding = out.report(ingress.source(), label.value_node.span(), message);
        finding.object(ingress.path()).field("metadata.annotations").evidence(name);
        if unsure {
            finding.severity(Severity::Low).confidence(Confidence::Medium);
        }
    }
}
