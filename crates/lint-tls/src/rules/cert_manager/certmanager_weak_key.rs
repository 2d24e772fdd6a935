use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::cert_manager::{KINDS, Request, of_object};
use crate::endpoints::named;
use crate::ingress::is_plain;
use crate::names::Shown;

rule! {
    /// cert-manager's webhook refuses RSA keys under 2048 bits, and keys and signatures of kinds it
    /// does not make. The manifest cannot be applied; where an old cert-manager or annotations let
    /// it pass, no CA signs such a key, and current clients refuse it. A `size` of 256 without an
    /// `algorithm` is a common slip: the algorithm is RSA then.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   privateKey:
    ///     size: 256
    /// #         ^^^ RSA key of Certificate `shop/web` has 256 bits, and cert-manager takes 2048 to 8192
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   privateKey:
    ///     algorithm: ECDSA
    ///     size: 224
    /// #         ^^^ ECDSA key of Certificate `shop/api` has 224 bits, and cert-manager takes 256, 384 and 521
    ///   signatureAlgorithm: SHA1WithRSA
    /// #                     ^^^^^^^^^^^ signature algorithm of Certificate `shop/api` is `SHA1WithRSA`, which clients refuse
    ///   dnsNames: [api.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: job
    ///   namespace: shop
    ///   annotations:
    ///     cert-manager.io/cluster-issuer: internal
    ///     cert-manager.io/private-key-algorithm: DSA
    /// #                                          ^^^ key algorithm of Ingress `shop/job` is `DSA`, and cert-manager knows RSA, ECDSA and Ed25519
    /// spec:
    ///   tls: [{hosts: [job.example.com], secretName: job-tls}]
    ///   rules: [{host: job.example.com}]
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   privateKey: {algorithm: ECDSA, size: 256}
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   privateKey: {algorithm: Ed25519, size: 1}
    ///   dnsNames: [api.example.com]
    ///   issuerRef: {name: internal}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-weak-key",
        summary: "private key or signature that cert-manager or clients refuse",
        remedy: "Use RSA with 2048 bits or more, or ECDSA with 256 bits.",
        severity: High,
        check: Check::Kind(KINDS, check),
        controls: &[control::TLS_VALID],
        security: true,
        cwe: &[326],
        references: &["https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificatePrivateKey"],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    for request in of_object(object) {
        key(&request, out);
        if let Some((algorithm, node)) = named(object.view.root(), &["spec", "signatureAlgorithm"])
            .filter(|(algorithm, _)| !request.by_annotation && is_weak(algorithm))
        {
            let message = format!(
                "signature algorithm of {} is `{}`, which clients refuse",
                object.view.display(),
                Shown(algorithm)
            );
            out.report(node.span(), message).field("spec.signatureAlgorithm");
        }
    }
}

fn key(request: &Request<'_>, out: &mut Sink<'_>) {
    let by = request.object.view.display();
    let algorithm = request.key_algorithm.map_or("RSA", |(algorithm, _)| algorithm);
    let is = |known: &str| algorithm.eq_ignore_ascii_case(known);
    let size = request.key_size.and_then(|(size, node)| Some((size.parse::<i64>().ok()?, node)));
    let (node, message) = match (size, request.key_algorithm) {
        (Some((bits, node)), _) if is("RSA") && bits != 0 && !(2048..=8192).contains(&bits) => {
            (node, format!("RSA key of {by} has {bits} bits, and cert-manager takes 2048 to 8192"))
        }
        (Some((bits, node)), _) if is("ECDSA") && ![0, 256, 384, 521].contains(&bits) => {
            let takes = "cert-manager takes 256, 384 and 521";
            (node, format!("ECDSA key of {by} has {bits} bits, and {takes}"))
        }
        (_, Some((_, node)))
            if is_plain(algorithm)
                && !["RSA", "ECDSA", "Ed25519"].iter().any(|known| is(known)) =>
        {
            let knows = "cert-manager knows RSA, ECDSA and Ed25519";
            (node, format!("key algorithm of {by} is `{}`, and {knows}", Shown(algorithm)))
        }
        _ => return,
    };
    out.report(node.span(), message).field("spec.privateKey");
}

fn is_weak(algorithm: &str) -> bool {
    let name = algorithm.to_ascii_uppercase();
    name.contains("SHA1") || name.contains("MD5") || name.contains("MD2")
}
