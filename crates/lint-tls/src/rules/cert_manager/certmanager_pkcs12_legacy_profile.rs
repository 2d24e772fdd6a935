use careen_kube_model::field;
use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::cert_manager::is_certificate;
use crate::endpoints::named;
use crate::names::Shown;

rule! {
    /// Without a profile, cert-manager encrypts `keystore.p12` with RC2 and triple DES, and protects
    /// it with SHA-1: who gets hold of the file tries passwords at a great rate, and systems in FIPS
    /// mode and current OpenSSL (3.0 and later, without its legacy provider) cannot open it. A
    /// `password` in the manifest is no secret at all.
    ///
    /// It is fine for Java before 8u301 and other old readers that know nothing newer.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    ///   keystores:
    ///     pkcs12:
    /// #   ^^^^^^ PKCS#12 store of Certificate `shop/web` has no `profile`, so it is encrypted with RC2
    ///       create: true
    ///       passwordSecretRef: {name: store, key: password}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   dnsNames: [api.example.com]
    ///   issuerRef: {name: internal}
    ///   keystores:
    ///     pkcs12:
    ///       create: true
    ///       profile: LegacyDES
    /// #              ^^^^^^^^^ PKCS#12 store of Certificate `shop/api` has the profile `LegacyDES`
    ///       password: changeit
    /// #               ^^^^^^^^ password of the PKCS#12 store of Certificate `shop/api` stands in the manifest
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    ///   keystores:
    ///     pkcs12:
    ///       create: true
    ///       profile: Modern2023
    ///       passwordSecretRef: {name: store, key: password}
    ///     jks: {create: false}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-pkcs12-legacy-profile",
        summary: "key store is encrypted with old algorithms or by a password in the manifest",
        remedy: "Set `profile: Modern2023` or newer, and name the password by `passwordSecretRef`.",
        severity: Medium,
        check: Check::Kind(&["Certificate"], check),
        security: true,
        cwe: &[327, 798],
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.PKCS12Profile"],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(stores) = object.view.at(&["spec", "keystores"]) else { return };
    if !is_certificate(object.view) {
        return;
    }
    for (key, called) in [("pkcs12", "PKCS#12"), ("jks", "JKS")] {
        let Some(entry) = stores.entry(key) else { continue };
        let store = entry.value;
        if field(store, "create").and_then(|node| node.as_bool()) != Some(true) {
            continue;
        }
        if key == "pkcs12" {
            profile(object, entry.key, store, out);
        }
        if let Some((_, node)) = named(store, &["password"]) {
            let by = object.view.display();
            let message = format!("password of the {called} store of {by} stands in the manifest");
            out.report(node.span(), message)
                .field(format!("spec.keystores.{key}.password"))
                .secret(node.span());
        }
    }
}

fn profile(object: ObjectRef<'_>, key: Node<'_>, store: Node<'_>, out: &mut Sink<'_>) {
    let by = object.view.display();
    let (span, what) = match named(store, &["profile"]) {
        None => (key.span(), "no `profile`, so it is encrypted with RC2".to_owned()),
        Some((profile, node)) if profile.starts_with("Legacy") => {
            (node.span(), format!("the profile `{}`", Shown(profile)))
        }
        Some(_) => return,
    };
    let message = format!("PKCS#12 store of {by} has {what}");
    out.report(span, message).field("spec.keystores.pkcs12.profile");
}
