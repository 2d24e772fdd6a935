use careen_kube_model::Labels;
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_text::Span;
use careen_yaml::Node;

use crate::Check;

rule! {
    /// A NetworkPolicy is only a wish: the network plugin makes it true. Flannel alone connects
    /// pods and ignores policies without a word, so that a cluster looks closed and is open.
    ///
    /// The configuration of the plugin is looked for in ConfigMaps. It is fine where something
    /// else enforces policies, and nothing is reported where the repository runs what is known to:
    /// Calico, Canal, Cilium, Antrea, kube-router or kube-network-policies.
    ///
    /// ```yaml bad file=kube-flannel.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: kube-flannel-cfg
    ///   namespace: kube-flannel
    /// data:
    ///   cni-conf.json: |
    ///     {
    ///       "name": "cbr0",
    ///       "cniVersion": "0.3.1",
    ///       "plugins": [
    ///         {"type": "flannel", "delegate": {"isDefaultGateway": true}},
    /// #                 ^^^^^^^ ConfigMap `kube-flannel/kube-flannel-cfg` sets up flannel, which does not enforce network policies
    ///         {"type": "portmap", "capabilities": {"portMappings": true}}
    ///       ]
    ///     }
    /// ```
    /// ```yaml good file=cni.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: cni
    ///   namespace: kube-system
    /// data:
    ///   cni-conf.json: |
    ///     {"name": "pods", "cniVersion": "0.3.1", "plugins": [{"type": "calico"}]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cni-network-policy-support",
        summary: "network plugin does not enforce network policies",
        remedy: "Use a network plugin that enforces policies, or run a policy engine beside it.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &["kubescape:C-0205", "kics:cni_plugin_does_not_support_network_policies"],
        security: true,
        cwe: &[693],
        controls: &[control::NETWORK_POLICIES],
        references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    }
}

/// Configurations of network plugins are short.
const LONGEST: usize = 16 * 1024;
/// Parts of names of images that enforce policies.
const ENGINES: &[&str] =
    &["antrea", "calico", "cilium", "kube-network-policies", "kube-router", "weave-npc"];

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let maps = snapshot.of_kind("ConfigMap").filter(|map| map.view.group().is_empty());
    let mut found = maps.flat_map(|map| places(&map).into_iter().map(move |span| (map, span)));
    let Some(first) = found.next() else { return };
    if is_enforced(snapshot) {
        return;
    }
    for (map, span) in std::iter::once(first).chain(found) {
        let message = format!(
            "{} sets up flannel, which does not enforce network policies",
            map.view.display()
        );
        out.report(map.source(), span, message).object(map.path()).field("data");
    }
}

/// Where a ConfigMap names flannel as a plugin, as the only one that connects pods.
fn places(map: &ObjectRef<'_>) -> Vec<Span> {
    let data = Labels::new(map.view.at(&["data"]));
    data.iter().filter_map(|label| place(label.value, label.value_node)).collect()
}

fn place(text: &str, node: Node<'_>) -> Option<Span> {
    const FLANNEL: &str = "\"flannel\"";
    let is_network = || text.contains("\"cniVersion\"") || text.contains("\"plugins\"");
    if text.len() > LONGEST || !text.contains(FLANNEL) || !is_network() {
        return None;
    }
    let is_type = |at: &usize| {
        let before = text.get(..*at).unwrap_or_default().trim_end();
        before.strip_suffix(':').is_some_and(|key| key.trim_end().ends_with("\"type\""))
    };
    let at = text.match_indices(FLANNEL).map(|(at, _)| at).find(is_type)?;
    // Canal has flannel for its addresses and Calico for everything else.
    if ENGINES.iter().any(|engine| text.contains(engine)) {
        return None;
    }
    let inside = Span::of(at + 1..at + FLANNEL.len() - 1);
    Some(node.derived().map_or_else(|| node.span(), |derived| derived.resolve(inside)))
}

fn is_enforced(snapshot: &Snapshot) -> bool {
    snapshot.workloads().filter_map(|object| object.view.pod_template()).any(|pod| {
        pod.containers()
            .filter_map(|container| container.image()?.text())
            .any(|image| ENGINES.iter().any(|engine| image.contains(engine)))
    })
}
