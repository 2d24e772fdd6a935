use careen_kube_model::{Labels, Selector};
use careen_model::{Context, ObjectRef, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::mesh::{Host, Peers, destination_rules, host, tls_settings};
use crate::names::Shown;

rule! {
    /// The DestinationRule makes clients speak plain text, or TLS without Istio's certificate, to
    /// pods whose PeerAuthentication takes mutual TLS of the mesh only. Every request fails with
    /// 503 (`upstream connect error … connection termination`), and only from within the mesh.
    ///
    /// It is fine for pods without a sidecar: the annotation or label `sidecar.istio.io/inject:
    /// "false"` and a namespace without injection are known. A policy of the whole mesh is compared
    /// only with Services that the repository has.
    ///
    /// ```yaml bad
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   host: billing.shop.svc.cluster.local
    ///   trafficPolicy:
    ///     tls:
    ///       mode: DISABLE
    /// #           ^^^^^^^ DestinationRule `shop/billing` speaks no mutual TLS with `billing.shop.svc.cluster.local`, but PeerAuthentication `shop/default` takes nothing else
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: shop}
    /// spec:
    ///   mtls: {mode: STRICT}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   host: billing
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE
    /// #           ^^^^^^ DestinationRule `shop/billing` speaks no mutual TLS with `billing`, but PeerAuthentication `istio-system/default` takes nothing else
    ///       caCertificates: /etc/tls/ca.crt
    ///       subjectAltNames: [billing]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: billing, namespace: shop}
    /// spec: {selector: {app: billing}, ports: [{port: 443}]}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: istio-system}
    /// spec:
    ///   mtls: {mode: STRICT}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   host: billing.shop.svc.cluster.local
    ///   trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: legacy, namespace: shop}
    /// spec:
    ///   host: legacy
    ///   trafficPolicy: {tls: {mode: DISABLE}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: legacy, namespace: shop}
    /// spec: {selector: {app: legacy}, ports: [{port: 80}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: legacy, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: legacy}}
    ///   template:
    ///     metadata: {labels: {app: legacy, sidecar.istio.io/inject: "false"}}
    ///     spec: {containers: [{name: legacy, image: "legacy:1"}]}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: metrics, namespace: shop}
    /// spec:
    ///   host: metrics
    ///   trafficPolicy: {tls: {mode: DISABLE}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: metrics, namespace: shop}
    /// spec: {selector: {app: metrics}, ports: [{port: 80}]}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: metrics, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: metrics}}
    ///   mtls: {mode: DISABLE}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: istio-system}
    /// spec:
    ///   mtls: {mode: STRICT}
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-mtls-conflict",
        summary: "DestinationRule speaks no mutual TLS with pods that take nothing else",
        remedy: "Set the mode of the DestinationRule to `ISTIO_MUTUAL`, or take its `tls` out and leave the choice to Istio.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::TLS_ENABLED, control::SERVICE_URLS],
        references: &[
            "https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-after-setting-destination-rule",
            "https://istio.io/latest/docs/reference/config/security/peer_authentication/",
        ],
    }
}

/// Services of one name that are looked at; overlays make a handful.
const NAMESAKES: usize = 20;
/// Pods that are looked at: a limit on hostile input.
const PODS: usize = 1_000_000;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let peers = Peers::of(snapshot);
    if peers.is_empty() {
        return;
    }
    let mut left = PODS;
    for rule in destination_rules(snapshot) {
        let view = rule.view;
        let Some(written) = view.at(&["spec", "host"]).and_then(|host| host.text()) else {
            continue;
        };
        let conflicts = tls_settings(rule)
            .filter_map(|tls| tls.mode())
            .filter(|(mode, _)| matches!(*mode, "DISABLE" | "SIMPLE"));
        for (mode, node) in conflicts {
            let strict = host(written, view.namespace())
                .and_then(|host| strict(snapshot, &peers, host, &mut left));
            let Some(policy) = strict else { break };
            let message = format!(
                "{} speaks no mutual TLS with `{}`, but {} takes nothing else",
                view.display(),
                Shown(written),
                policy.view.display()
            );
            out.report(rule.source(), node.span(), message)
                .object(rule.path())
                .field("spec.trafficPolicy.tls.mode")
                .evidence(mode)
                .related(policy.source(), policy.view.name_span(), "takes mutual TLS only");
        }
    }
}

/// The policy that takes nothing but mutual TLS for all that a host stands for.
fn strict<'a>(
    snapshot: &'a Snapshot,
    peers: &Peers<'a>,
    host: Host<'a>,
    left: &mut usize,
) -> Option<ObjectRef<'a>> {
    let (name, namespace) = match host {
        Host::Namespace(namespace) => {
            let policy = peers.strict(namespace, None)?;
            return (policy.view.namespace() == Some(namespace)).then_some(policy);
        }
        Host::Service { name, namespace } => (name, namespace?),
    };
    let services: Vec<_> =
        snapshot.named("Service", Some(namespace), name).take(NAMESAKES).collect();
    let Some(first) = services.first() else {
        let policy = peers.strict(namespace, None)?;
        return (policy.view.namespace() == Some(namespace)).then_some(policy);
    };
    let policy = peers.strict(namespace, Some(*first))?;
    let injected = services.len() == 1
        && first.view.at(&["spec", "selector"]).is_some()
        && may_be_in_mesh(snapshot, namespace, *first, left);
    injected.then_some(policy)
}

/// Whether nothing says that the pods of a Service have no sidecar.
fn may_be_in_mesh(
    snapshot: &Snapshot,
    namespace: &str,
    service: ObjectRef<'_>,
    left: &mut usize,
) -> bool {
    let refuses = |labels: Labels<'_>| {
        labels.get("sidecar.istio.io/inject") == Some("false")
            || labels.get("istio-injection") == Some("disabled")
    };
    let mut namespaces = snapshot.named("Namespace", None, namespace).take(NAMESAKES);
    if namespaces.any(|namespace| refuses(namespace.view.labels())) {
        return false;
    }
    let Some(selector) = service.view.at(&["spec", "selector"]).map(Selector::map) else {
        return true;
    };
    for workload in snapshot.workloads() {
        let Some(less) = left.checked_sub(1) else { return false };
        *left = less;
        if !namespaces_agree(workload.view.namespace(), Some(namespace)) {
            continue;
        }
        let mut pods = workload.view.pod_templates().filter(|pod| selector.matches(pod.labels()));
        if pods.any(|pod| refuses(pod.labels()) || refuses(pod.annotations())) {
            return false;
        }
    }
    true
}
