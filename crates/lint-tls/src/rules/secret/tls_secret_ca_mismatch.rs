use std::collections::BTreeSet;

use careen_kube_model::{ObjectView, field};
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{SnapshotSink, control, rule};
use careen_x509_model::Certificate;

use crate::Check;
use crate::authorities::Presented;
use crate::chain::LONGEST;
use crate::names::evidence;
use crate::path::{FaultKind, Quest};

rule! {
    /// Beside `tls.crt`, `ca.crt` is the CA that issued it: cert-manager writes it there, and
    /// clients that mount the Secret (PostgreSQL, Redis, Kafka, webhooks) verify the server with
    /// it. If the two are of different CAs, mostly since one half was renewed by hand, every such
    /// client fails with `certificate signed by unknown authority`.
    ///
    /// It is fine where `ca.crt` is there for verifying clients and not this server: Secrets that
    /// ingress-nginx's `auth-tls-secret`, Istio's `MUTUAL` or a `caSecret` names are let be.
    ///
    /// ```recipe
    /// old: {ca: true, common_name: Shop CA, not_after: 4y}
    /// new: {ca: true, common_name: Shop CA, not_after: 4y}
    /// other: {ca: true, common_name: Other CA, not_after: 4y}
    /// leaf: {names: [shop.example.com], issuer: new}
    /// narrow: {ca: true, common_name: Narrow CA, not_after: 4y, permitted: [example.org]}
    /// outside: {names: [shop.example.com], issuer: narrow}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// data:
    ///   ca.crt: ${old.crt|base64}
    /// #         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `ca.crt` of Secret `shop/web-tls` does not verify `tls.crt`: the certificate for `shop.example.com` is not signed by the key of `Shop CA`
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls}
    /// type: kubernetes.io/tls
    /// data:
    ///   ca.crt: ${other.crt|base64}
    /// #         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `ca.crt` of Secret `web-tls` does not verify `tls.crt`: the issuer of the certificate for `shop.example.com` is not there
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls}
    /// type: kubernetes.io/tls
    /// data:
    ///   ca.crt: ${narrow.crt|base64}
    /// #         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `ca.crt` of Secret `web-tls` does not verify `tls.crt`: certificate for `shop.example.com` names `shop.example.com`, which is not permitted by `Narrow CA`
    ///   tls.crt: ${outside.crt|base64}
    ///   tls.key: ${outside.key|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// data:
    ///   ca.crt: ${new.crt|base64}
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// data:
    ///   ca.crt: ${other.crt|base64}
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations: {nginx.ingress.kubernetes.io/auth-tls-secret: shop/web-tls}
    /// spec:
    ///   tls: [{hosts: [shop.example.com], secretName: web-tls}]
    ///   rules: [{host: shop.example.com}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "tls-secret-ca-mismatch",
        summary: "`ca.crt` of a Secret does not verify its `tls.crt`",
        remedy: "Put the certificate of the CA that issued `tls.crt` into `ca.crt`, or take `ca.crt` out.",
        severity: Medium,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://cert-manager.io/docs/usage/certificate/#target-secret",
            "https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets",
        ],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let mut verifiers = None;
    for secret in snapshot.of_kind("Secret").filter(|secret| secret.view.is("", "Secret")) {
        let pair = (secret.bundle("tls.crt"), secret.bundle("ca.crt"));
        let (Some(served), Some(trusted)) = pair else { continue };
        let authorities: Vec<&Certificate> =
            trusted.certificates().map(|(_, certificate)| certificate).take(LONGEST + 1).collect();
        let Some((item, first)) = trusted.certificates().next() else { continue };
        if authorities.len() > LONGEST {
            continue;
        }
        let Some(reason) = mismatch(secret, served, &authorities, context) else { continue };
        let verifiers = verifiers.get_or_insert_with(|| verify_clients(snapshot));
        if verifiers.contains(secret.view.name()) {
            continue;
        }
        let message =
            format!("`ca.crt` of {} does not verify `tls.crt`: {reason}", secret.view.display());
        let finding = out.report(secret.source(), item.place, message);
        finding.object(secret.path()).evidence(evidence(first));
        if let Some((item, _)) = served.certificates().next() {
            finding.related(secret.source(), item.place, "what it does not verify");
        }
    }
}

/// Why `tls.crt` is not of the CAs, if it is not; what is wrong with the chain itself is for
/// other rules to say.
fn mismatch(
    secret: ObjectRef<'_>,
    served: &careen_model::Bundle,
    authorities: &[&Certificate],
    context: &Context,
) -> Option<String> {
    let chain = Presented::of(secret.file, served, context)?;
    let members: Vec<&Certificate> =
        served.certificates().map(|(_, certificate)| certificate).take(LONGEST).collect();
    let quest = Quest {
        leaf: chain.leaf,
        members: &members,
        anchors: authorities,
        public_roots: false,
        now: context.now,
        purpose: None,
    };
    let fault = quest.find().err()?;
    let first_anchor = members.len() + 1;
    let at_anchor = fault.at >= first_anchor || fault.other.is_some_and(|at| at >= first_anchor);
    let told = match fault.kind {
        FaultKind::NoIssuer | FaultKind::Signature => true,
        FaultKind::KeyIdentifier
        | FaultKind::NotAuthority
        | FaultKind::KeyUsage
        | FaultKind::PathLength
        | FaultKind::Names => at_anchor,
        _ => false,
    };
    told.then_some(fault.words)
}

/// Names of Secrets whose `ca.crt` verifies clients.
fn verify_clients(snapshot: &Snapshot) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for object in snapshot.objects() {
        let view = object.view;
        let annotated = view.annotations().get("nginx.ingress.kubernetes.io/auth-tls-secret");
        names.extend(annotated.map(|value| last(value).to_owned()));
        if is_gateway(view) {
            for visit in view.spec().into_iter().flat_map(|spec| spec.walk()) {
                let node = visit.node;
                let mutual = field(node, "mode").and_then(|mode| mode.text());
                if mutual.is_some_and(|mode| mode.ends_with("MUTUAL")) {
                    let named = field(node, "credentialName").and_then(|name| name.text());
                    names.extend(named.map(str::to_owned));
                }
                let named = field(node, "caSecret").and_then(|name| name.text());
                names.extend(named.map(|name| last(name).to_owned()));
                let listed = field(node, "secretNames").into_iter().flat_map(|list| list.items());
                names.extend(listed.filter_map(|name| name.text()).map(str::to_owned));
                let authorities = field(node, "caCertificateRefs").into_iter();
                let named = authorities.flat_map(|list| list.items());
                let named = named.filter_map(|each| field(each, "name")?.text());
                names.extend(named.map(str::to_owned));
            }
        }
    }
    names
}

/// Whether the object may name Secrets for the verification of clients.
fn is_gateway(view: ObjectView<'_>) -> bool {
    ["Gateway", "HTTPProxy", "TLSOption", "Policy", "ClientTrafficPolicy"].contains(&view.kind())
}

/// The name behind the namespace.
fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
