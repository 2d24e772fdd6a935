use careen_kube_model::field;
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::endpoints::named;
use crate::mesh::{gateways, servers};
use crate::names::Shown;
use crate::provided::Provided;

rule! {
    /// With mode `MUTUAL` the gateway needs a CA to judge clients by: `ca.crt` or `cacert` in the
    /// credential's Secret, or the Secret that has the same name with `-cacert` behind it. Without
    /// one it gets no configuration for the server at all and resets every connection, or refuses
    /// every client.
    ///
    /// It is fine where something outside of the repository makes the `-cacert` Secret.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls:
    ///       mode: MUTUAL
    ///       credentialName: shop-tls
    /// #                     ^^^^^^^^ server `https` of Gateway `shop/edge` has no CA to verify clients by: Secret `istio-system/shop-tls` has no `ca.crt`, and there is no Secret `shop-tls-cacert`
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-tls, namespace: istio-system}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls:
    ///       mode: MUTUAL
    /// #           ^^^^^^ server `https` of Gateway `shop/edge` has no CA to verify clients by: there is no `caCertificates`
    ///       serverCertificate: /etc/tls/tls.crt
    ///       privateKey: /etc/tls/tls.key
    /// ```
    /// ```yaml good
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: MUTUAL, credentialName: shop-tls}
    ///   - port: {number: 8443, name: api, protocol: HTTPS}
    ///     hosts: [api.example.com]
    ///     tls: {mode: MUTUAL, credentialName: api-tls}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-tls, namespace: istio-system}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-tls-cacert, namespace: istio-system}
    /// data:
    ///   ca.crt: ${ca.crt|base64}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: api-tls, namespace: istio-system}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    ///   ca.crt: ${ca.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-gateway-mutual-without-ca",
        summary: "Istio gateway has no CA to verify clients by",
        remedy: "Put the CA of the clients under `ca.crt` of the Secret, or under `cacert` of a Secret with `-cacert` behind the credential's name.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &[
            "https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/#configure-a-mutual-tls-ingress-gateway",
        ],
    }
}

/// Secrets of one name that are looked at; overlays make a handful.
const NAMESAKES: usize = 50;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for server in gateways(snapshot).flat_map(servers) {
        let mode = server.mode();
        let Some((_, mode)) =
            mode.filter(|(mode, _)| matches!(*mode, "MUTUAL" | "OPTIONAL_MUTUAL"))
        else {
            continue;
        };
        if server.tls("caCertCredentialName").is_some() {
            continue;
        }
        let text = |key: &str| named(server.node, &["tls", key]);
        let who = server.display();
        let (node, why) = if let Some((name, node)) = server.credentials().next() {
            let beside = format!("{}-cacert", name.strip_suffix("-cacert").unwrap_or(name));
            let secrets: Vec<_> = snapshot.named("Secret", None, name).take(NAMESAKES).collect();
            let Some(first) = secrets.first() else { continue };
            if secrets.iter().any(|secret| may_have_ca(*secret))
                || Provided::of(snapshot).has(&beside, None)
            {
                continue;
            }
            let why = format!(
                "{} has no `ca.crt`, and there is no Secret `{}`",
                first.view.display(),
                Shown(&beside)
            );
            (node, why)
        } else if text("serverCertificate").is_some()
            && text("credentialName").is_none()
            && text("caCertificates").is_none()
        {
            (mode, "there is no `caCertificates`".to_owned())
        } else {
            continue;
        };
        out.report(
            server.gateway.source(),
            node.span(),
            format!("{who} has no CA to verify clients by: {why}"),
        )
        .object(server.gateway.path())
        .field(format!("spec.servers[{}].tls", server.index))
        .evidence(node.text().unwrap_or_default());
    }
}

/// Whether a Secret has a CA, or is filled elsewhere.
fn may_have_ca(secret: ObjectRef<'_>) -> bool {
    let view = secret.view;
    let lists: Vec<_> = ["data", "stringData"].iter().filter_map(|key| view.at(&[key])).collect();
    let has = |key: &str| lists.iter().any(|list| field(*list, key).is_some());
    view.is_fragment() || !(has("tls.crt") || has("cert")) || has("ca.crt") || has("cacert")
}
