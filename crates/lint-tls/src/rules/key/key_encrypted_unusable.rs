use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::held::body;
use crate::{Check, KeySite};

rule! {
    /// Nobody is there to type the password when a pod starts: ingress controllers, and every
    /// server that reads `tls.key` of a Secret, cannot open an encrypted key. The API server does
    /// not look, so the Secret is applied and the host gets the controller's fake certificate.
    ///
    /// It is fine where the program is handed the password as well; then an Opaque Secret says so
    /// more plainly. The key at rest is protected by encryption of etcd and by RBAC.
    ///
    /// ```recipe
    /// pair: {prepared: encrypted}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// stringData:
    ///   tls.crt: |
    ///     ${pair.crt}
    ///   tls.key: |
    ///     ${pair.key}
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key in `tls.key` is encrypted, and no ingress controller has its password
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// stringData:
    ///   server.key: |
    ///     ${pair.key}
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-encrypted-unusable",
        summary: "private key of a TLS Secret is encrypted",
        remedy: "Store the key without a password, such as by `openssl pkey -in encrypted.key -out tls.key`, outside of the repository.",
        severity: High,
        check: Check::PrivateKey(check),
        controls: &[control::TLS_VALID],
        references: &["https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets"],
    }
}

fn check(site: &KeySite<'_>, _: &Context, out: &mut Sink<'_>) {
    if site.key.encrypted && site.bundle.is_in_tls_secret() {
        let message = format!(
            "private key in `{}` is encrypted, and no ingress controller has its password",
            site.bundle.name
        );
        out.report(site.item.place, message).field(site.bundle.name).secret(body(site.item));
    }
}
