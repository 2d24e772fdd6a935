use careen_model::{Context, ObjectRef};
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::endpoints::named;
use crate::mesh::SECURITY;
use crate::names::Shown;

rule! {
    /// `PERMISSIVE` lets plain text in beside mutual TLS, `DISABLE` nothing else: every pod of the
    /// cluster, and whoever gets hold of one, can talk to the workload without saying who it is.
    /// AuthorizationPolicies that ask for a principal then refuse, and those that do not let
    /// everybody in.
    ///
    /// It is fine while workloads are moved into the mesh, and for a port that probes or clients
    /// from outside of the mesh must reach. `UNSET` is what the wider policy says and is left
    /// alone.
    ///
    /// ```yaml bad
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: shop}
    /// spec:
    ///   mtls:
    ///     mode: PERMISSIVE
    /// #         ^^^^^^^^^^ PeerAuthentication `shop/default` lets plain text in: mode is PERMISSIVE
    ///   portLevelMtls:
    ///     8080:
    ///       mode: DISABLE
    /// #           ^^^^^^^ PeerAuthentication `shop/default` lets plain text in on port 8080: mode is DISABLE
    /// ```
    /// ```yaml good
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: istio-system}
    /// spec:
    ///   mtls: {mode: STRICT}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: shop}
    /// spec:
    ///   mtls: {mode: UNSET}
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-mtls-not-strict",
        summary: "PeerAuthentication lets plain text in",
        remedy: "Set the mode to `STRICT` once all clients are in the mesh.",
        severity: Medium,
        check: Check::Kind(&["PeerAuthentication"], check),
        confidence: Confidence::High,
        peers: &["kyverno:istio/enforce-strict-mtls"],
        security: true,
        cwe: &[319],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://istio.io/latest/docs/reference/config/security/peer_authentication/",
            "https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/",
        ],
    }
}

/// Ports of one policy that are looked at.
const PORTS: usize = 100;

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    if view.group() != SECURITY {
        return;
    }
    let is_open = |mode: &str| matches!(mode, "PERMISSIVE" | "DISABLE");
    let mode = named(view.root(), &["spec", "mtls", "mode"]);
    if let Some((mode, node)) = mode.filter(|(mode, _)| is_open(mode)) {
        let message = format!("{} lets plain text in: mode is {mode}", view.display());
        out.report(node.span(), message).field("spec.mtls.mode").evidence(mode);
    }
    let ports = view.at(&["spec", "portLevelMtls"]);
    for port in ports.into_iter().flat_map(|ports| ports.entries()).take(PORTS) {
        let Some((mode, node)) = named(port.value, &["mode"]).filter(|(mode, _)| is_open(mode))
        else {
            continue;
        };
        let number = Shown(port.name().unwrap_or_default());
        let message =
            format!("{} lets plain text in on port {number}: mode is {mode}", view.display());
        out.report(node.span(), message)
            .field(format!("spec.portLevelMtls.{number}.mode"))
            .evidence(format!("{number} {mode}"));
    }
}
