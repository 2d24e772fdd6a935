use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::PrivateKeyFormat;

use crate::held::body;
use crate::{Check, KeySite};

rule! {
    /// TLS software reads keys in PKCS#8, PKCS#1 and SEC 1. A key in OpenSSH's own form, which
    /// `ssh-keygen` writes unless told otherwise, or an OpenPGP key is PEM as well and looks right,
    /// but Go says `tls: failed to parse private key`, and the ingress controller serves its fake
    /// certificate.
    ///
    /// It is fine in Secrets of another type; those for SSH have `kubernetes.io/ssh-auth`.
    ///
    /// ```recipe
    /// pair: {prepared: openssh}
    /// sound: {names: [shop.example.com]}
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
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key in `tls.key` is in OpenSSH's format, which TLS software does not read
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// stringData:
    ///   tls.crt: |
    ///     ${sound.crt}
    ///   tls.key: |
    ///     ${sound.key}
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-wrong-format",
        summary: "private key of a TLS Secret is in a format that TLS software does not read",
        remedy: "Convert the key to PKCS#8, such as by `ssh-keygen -p -m PKCS8 -f KEY`, or make a new one with `openssl genpkey`.",
        severity: High,
        check: Check::PrivateKey(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets",
            "https://www.rfc-editor.org/rfc/rfc5958",
        ],
    }
}

fn check(site: &KeySite<'_>, _: &Context, out: &mut Sink<'_>) {
    let format = match site.key.format {
        PrivateKeyFormat::OpenSsh => "OpenSSH's",
        PrivateKeyFormat::Pgp => "OpenPGP's",
        PrivateKeyFormat::Dsa => "OpenSSL's DSA",
        _ => return,
    };
    if site.bundle.is_in_tls_secret() {
        let name = site.bundle.name;
        let message = format!(
            "private key in `{name}` is in {format} format, which TLS software does not read"
        );
        out.report(site.item.place, message).field(name).secret(body(site.item));
    }
}
