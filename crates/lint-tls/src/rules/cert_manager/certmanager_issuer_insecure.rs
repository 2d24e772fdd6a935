use careen_kube_model::path;
use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::cert_manager::{ISSUERS, Issuer, host, is_loopback};
use crate::endpoints::named;
use crate::names::Shown;

/// Where issuers name a server.
const SERVERS: &[(&str, &[&str])] = &[
    ("ACME server", &["acme", "server"]),
    ("Vault server", &["vault", "server"]),
    ("Venafi server", &["venafi", "tpp", "url"]),
];

rule! {
    /// Who sits between cert-manager and the CA sees the token that issues certificates, or hands
    /// out certificates of another CA. Over plain HTTP, or with `skipTLSVerify`, nobody notices.
    ///
    /// It is fine against a server on the same machine, and for tests with Pebble.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: step}
    /// spec:
    ///   acme:
    ///     server: https://step-ca.pki.svc/acme/acme/directory
    ///     skipTLSVerify: true
    /// #                  ^^^^ ClusterIssuer `step` does not verify the certificate of its ACME server
    ///     privateKeySecretRef: {name: account}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Issuer
    /// metadata: {name: vault, namespace: shop}
    /// spec:
    ///   vault:
    ///     server: http://vault.vault.svc:8200
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^ Issuer `shop/vault` speaks to its Vault server `vault.vault.svc` over plain HTTP
    ///     path: pki/sign/shop
    ///     auth: {tokenSecretRef: {name: vault-token, key: token}}
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: step}
    /// spec:
    ///   acme:
    ///     server: https://step-ca.pki.svc/acme/acme/directory
    ///     caBundle: ${STEP_CA}
    ///     skipTLSVerify: false
    ///     privateKeySecretRef: {name: account}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Issuer
    /// metadata: {name: vault, namespace: shop}
    /// spec:
    ///   vault:
    ///     server: http://127.0.0.1:8200
    ///     path: pki/sign/shop
    ///     auth: {tokenSecretRef: {name: vault-token, key: token}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-issuer-insecure",
        summary: "issuer speaks to its CA without verified TLS",
        remedy: "Use `https://`, and give the issuer the CA of the server by `caBundle` or `caBundleSecretRef`.",
        severity: High,
        check: Check::Kind(ISSUERS, check),
        security: true,
        cwe: &[295, 319],
        fragments: true,
        controls: &[control::TLS_ENABLED],
        references: &["https://cert-manager.io/docs/reference/api-docs/#acme.cert-manager.io/v1.ACMEIssuer"],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(issuer) = Issuer::of(object) else { return };
    let by = object.view.display();
    let Some(spec) = object.view.spec() else { return };
    let skips = path(spec, &["acme", "skipTLSVerify"]);
    let pebble = issuer.acme().and_then(|acme| acme.server());
    let pebble = pebble.is_some_and(|(server, _)| host(server).contains("pebble"));
    if let Some(node) = skips.filter(|node| node.as_bool() == Some(true) && !pebble) {
        let message = format!("{by} does not verify the certificate of its ACME server");
        out.report(node.span(), message).field("spec.acme.skipTLSVerify");
    }
    for (what, keys) in SERVERS {
        let Some((address, node)) = named(spec, keys) else { continue };
        let plain = address.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://"));
        if plain && !is_loopback(host(address)) {
            let server = Shown(host(address));
            let message = format!("{by} speaks to its {what} `{server}` over plain HTTP");
            out.report(node.span(), message).field(format!("spec.{}", keys.join(".")));
        }
    }
}
