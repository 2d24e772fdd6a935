use careen_kube_model::{Secret, field};
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::date::Date;
use crate::mesh::{Server, gateways, servers};
use crate::names::Shown;
use crate::served;
use crate::validity::Validity;

rule! {
    /// istiod takes `tls.crt` with `tls.key`, or `cert` with `key`, and nothing else. Without them,
    /// or with something in them that is no PEM, the gateway gets no certificate and resets every
    /// TLS connection; with one that has expired or does not hold yet, every client refuses it.
    /// The API server looks into none of this in a Secret of type `Opaque`.
    ///
    /// It is fine where the Secret in the repository is a stand-in that is filled in the cluster;
    /// one without any entry is left alone.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// old: {names: [shop.example.com], issuer: ca, not_before: -100d, not_after: -10d}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: istio-system}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls:
    ///       mode: SIMPLE
    ///       credentialName: other-keys
    /// #                     ^^^^^^^^^^ credential of server `https` of Gateway `istio-system/edge` cannot be used: Secret `istio-system/other-keys` has neither `tls.crt` and `tls.key` nor `cert` and `key`
    ///   - port: {number: 8443, name: old, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls:
    ///       mode: SIMPLE
    ///       credentialName: old
    /// #                     ^^^ credential of server `old` of Gateway `istio-system/edge` cannot be used: the certificate in `cert` of Secret `istio-system/old` expired on 2026-11-21
    ///   - port: {number: 9443, name: no-pem, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls:
    ///       mode: SIMPLE
    ///       credentialName: no-pem
    /// #                     ^^^^^^ credential of server `no-pem` of Gateway `istio-system/edge` cannot be used: `tls.crt` of Secret `istio-system/no-pem` holds no certificate
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: other-keys, namespace: istio-system}
    /// data:
    ///   server.crt: ${leaf.crt|base64}
    ///   server.key: Zm9v
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: old, namespace: istio-system}
    /// data:
    ///   cert: ${old.crt|base64}
    ///   key: ${old.key|base64}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: no-pem, namespace: istio-system}
    /// data:
    ///   tls.crt: Zm9v
    ///   tls.key: ${leaf.key|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: istio-system}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: SIMPLE, credentialName: generic}
    ///   - port: {number: 8443, name: empty, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: SIMPLE, credentialName: filled-later}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: generic, namespace: istio-system}
    /// data:
    ///   cert: ${leaf.crt|base64}
    ///   key: ${leaf.key|base64}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: filled-later, namespace: istio-system}
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-gateway-credential-invalid",
        summary: "credential of an Istio gateway cannot be used",
        remedy: "Put a valid certificate in PEM under `tls.crt` and its key under `tls.key`.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        peers: &["istioctl:IST0161"],
        controls: &[control::TLS_VALID],
        references: &["https://istio.io/latest/docs/reference/config/analysis/ist0161/"],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    for server in gateways(snapshot).flat_map(servers).filter(Server::ends_tls) {
        for (name, node) in server.credentials() {
            let secrets = snapshot.named("Secret", None, name);
            // Of several, any may be the one that is found.
            let defects: Option<Vec<_>> = secrets
                .filter(|secret| secret.view.is("", "Secret"))
                .take(NAMESAKES)
                .map(|secret| Some((secret, defect(secret, context.now)?)))
                .collect();
            let Some((secret, defect)) = defects.and_then(|all| all.into_iter().next()) else {
                continue;
            };
            let message = format!("credential of {} cannot be used: {defect}", server.display());
            out.report(server.gateway.source(), node.span(), message)
                .object(server.gateway.path())
                .field(format!("spec.servers[{}].tls.credentialName", server.index))
                .evidence(name)
                .related(secret.source(), secret.view.name_span(), "the credential");
        }
    }
}

/// Secrets of one name that are looked at; overlays make a handful.
const NAMESAKES: usize = 50;

fn defect(object: ObjectRef<'_>, now: i64) -> Option<String> {
    let secret = Secret::of(object.view)?;
    if object.view.is_fragment() || secret.entries().next().is_none() {
        return None;
    }
    let has = |key: &str| {
        let list = |list| object.view.at(&[list]).is_some_and(|list| field(list, key).is_some());
        list("data") || list("stringData")
    };
    let who = object.view.display();
    let key = match (has("cert") && has("key"), has("tls.crt") && has("tls.key")) {
        (_, true) => "tls.crt",
        (true, _) => "cert",
        // A Secret of type `kubernetes.io/tls` is told by `tls-secret-missing-keys`.
        _ if secret.secret_type() == crate::site::TLS_SECRET => return None,
        _ => {
            return Some(format!("{who} has neither `tls.crt` and `tls.key` nor `cert` and `key`"));
        }
    };
    let written = secret.entry(key)?;
    if written.value.text().is_some_and(|text| text.contains(['$', '{', '<'])) {
        return None;
    }
    let Some(served) = served::of_secret(object) else {
        let empty = written.value.text().is_some_and(str::is_empty);
        return (!empty).then(|| format!("`{key}` of {who} holds no certificate"));
    };
    let certificate = served.certificate;
    let place = format!("the certificate in `{}` of {who}", Shown(served.key()));
    match Validity::of(certificate, now) {
        Validity::Expired => Some(format!("{place} expired on {}", Date(certificate.not_after))),
        Validity::NotYet => {
            Some(format!("{place} is not valid before {}", Date(certificate.not_before)))
        }
        Validity::Inverted | Validity::Valid => None,
    }
}
