use careen_model::{Context, Holder};
use careen_rule::{Sink, control, rule};

use crate::{BundleSite, Check};

rule! {
    /// With the certificate in `tls.key` and the key in `tls.crt`, nothing can be served, and
    /// worse: what reads `tls.crt` takes it for public, so the private key may be logged, shown
    /// or copied into a CA bundle.
    ///
    /// It is fine nowhere. A file under `tls.key` that holds the certificate as well as the key is
    /// let be, since servers find the key in it.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// stringData:
    ///   tls.crt: |
    ///     ${leaf.key}
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^ `tls.crt` holds a private key and no certificate
    ///   tls.key: |
    ///     ${leaf.crt}
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^ `tls.key` holds a certificate and no private key
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// stringData:
    ///   tls.crt: |
    ///     ${leaf.crt}
    ///   tls.key: |
    ///     ${leaf.key}
    /// ```
    pub(crate) static RULE: Check = {
        id: "tls-secret-swapped",
        summary: "certificate and key of a Secret are swapped",
        remedy: "Put the certificate under `tls.crt` and the key under `tls.key`.",
        severity: High,
        check: Check::Bundle(check),
        controls: &[control::TLS_VALID],
        references: &["https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets"],
    }
}

fn check(site: &BundleSite<'_>, _: &Context, out: &mut Sink<'_>) {
    if !matches!(site.bundle.holder, Holder::Secret { .. }) {
        return;
    }
    let key = site.keys().next();
    let certificate = site.sites().next();
    match (site.name, key, certificate) {
        ("tls.crt", Some(key), None) => {
            out.report(key.item.place, "`tls.crt` holds a private key and no certificate")
                .field("tls.crt")
                .secret(crate::held::body(key.item));
        }
        ("tls.key", None, Some(certificate)) => {
            out.report(certificate.item.place, "`tls.key` holds a certificate and no private key")
                .field("tls.key");
        }
        _ => {}
    }
}
