use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};
use careen_x509_model::Certificate;

use crate::Check;
use crate::ca_secret::{Authority, authority, reference};
use crate::ingress::is_ingress;
use crate::names::Name;
use crate::setting::{COMMUNITY, annotation};

/// What ingress-nginx sets where nothing is said.
const DEFAULT: usize = 1;
/// Larger bundles are no CAs of one organisation.
const MOST: usize = 32;

rule! {
    /// `auth-tls-verify-depth` is how many intermediate CAs may stand between a client's
    /// certificate and the root. The CAs in the Secret stand further apart than that, so clients
    /// with certificates of the lowest one are refused: OpenSSL says `certificate chain too long`,
    /// nginx answers 400. The default is 1.
    ///
    /// It is fine where clients of the lower CAs are not to be let in; then take these CAs out of
    /// the Secret.
    ///
    /// ```recipe
    /// root: {ca: true, common_name: Shop Root, not_after: 9y}
    /// upper: {ca: true, common_name: Shop Upper, issuer: root, not_after: 8y}
    /// lower: {ca: true, common_name: Shop Lower, issuer: upper, not_after: 7y}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/auth-tls-secret: shop/clients
    /// #                                                ^^^^^^^^^^^^ Ingress `shop/web` verifies clients to a depth of 1, and those of `Shop Lower` in Secret `shop/clients` need 2
    /// spec:
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: clients, namespace: shop}
    /// stringData:
    ///   ca.crt: |
    ///     ${root.crt}
    ///     ${upper.crt}
    ///     ${lower.crt}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/auth-tls-secret: shop/clients
    ///     nginx.ingress.kubernetes.io/auth-tls-verify-depth: "2"
    /// spec:
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/auth-tls-secret: shop/upper
    /// spec:
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: clients, namespace: shop}
    /// stringData:
    ///   ca.crt: |
    ///     ${root.crt}
    ///     ${upper.crt}
    ///     ${lower.crt}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: upper, namespace: shop}
    /// stringData:
    ///   ca.crt: |
    ///     ${upper.crt}
    ///     ${root.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-client-auth-depth",
        summary: "verification depth for clients is smaller than their CAs need",
        remedy: "Raise `auth-tls-verify-depth` to the number of intermediate CAs.",
        severity: Medium,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#client-certificate-authentication",
            "https://docs.openssl.org/master/man3/SSL_CTX_set_verify/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for ingress in snapshot.of_kind("Ingress").filter(|ingress| is_ingress(ingress.view)) {
        let view = ingress.view;
        let Some(label) = annotation(view, COMMUNITY, "auth-tls-secret") else { continue };
        let depth = view.annotations().iter().find(|label| {
            label.key.split_once('/').is_some_and(|(prefix, name)| {
                COMMUNITY.contains(&prefix) && name == "auth-tls-verify-depth"
            })
        });
        let allowed = match depth {
            // A number that cannot be read is a variable of some tool.
            Some(depth) => depth.value.trim().parse().unwrap_or(usize::MAX),
            None => DEFAULT,
        };
        let (namespace, name) = reference(label.value.trim(), view.namespace());
        let found = authority(snapshot, namespace, name, &["ca.crt"]);
        let Authority::Known(secret, certificates) = found else { continue };
        let certificates: Vec<_> = certificates.iter().map(|(_, each)| *each).collect();
        let Some((needed, lowest)) = deepest(&certificates) else { continue };
        if needed <= allowed {
            continue;
        }
        let message = format!(
            "{} verifies clients to a depth of {allowed}, and those of `{}` in {} need {needed}",
            view.display(),
            Name(lowest),
            secret.view.display()
        );
        let node = depth.unwrap_or(label).value_node;
        out.report(ingress.source(), node.span(), message)
            .object(ingress.path())
            .field("metadata.annotations")
            .evidence(name)
            .related(secret.source(), secret.view.name_span(), "the Secret with the CAs");
    }
}

/// The largest number of intermediate CAs between the certificates that a CA of these issues and
/// its root, with that CA. Issuers are found by name; nothing for bundles that are too large.
fn deepest<'a>(certificates: &[&'a Certificate]) -> Option<(usize, &'a Certificate)> {
    if certificates.len() > MOST {
        return None;
    }
    let depth = |lowest: &'a Certificate| {
        let mut child = lowest;
        // A path longer than the bundle goes around in a circle.
        for depth in 0..=certificates.len() {
            if child.self_issued {
                return Some((depth, lowest));
            }
            let issuer = certificates.iter().find(|each| each.subject_hash == child.issuer_hash);
            let Some(issuer) = issuer else { return Some((depth + 1, lowest)) };
            child = *issuer;
        }
        None
    };
    certificates.iter().filter_map(|each| depth(each)).max_by_key(|(depth, _)| *depth)
}
