use std::collections::{BTreeMap, HashSet};

use careen_kube_model::{Labels, Selector, field};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::policy_peers::{Peer, is_network_policy, peers};
use crate::relations::{RELATED, Workloads, pairs, short_span};

rule! {
    /// A peer that selects pods or namespaces nobody has allows nothing: the traffic it was written
    /// for is dropped. Usually a label was renamed. It is fine where the peers come from another
    /// repository, so that namespaces are judged only where the repository has the label with
    /// another value.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   podSelector: {matchLabels: {app: web}}
    ///   policyTypes: [Ingress]
    ///   ingress:
    ///   - from:
    ///     - podSelector: {matchLabels: {app: gatway}}
    /// #                                ^^^^^^^^^^^^^ ingress rule 1 of NetworkPolicy `shop/web` allows pods with `app: gatway`, which no pod of the repository has
    ///     - namespaceSelector: {matchLabels: {team: opps}}
    /// #                                      ^^^^^^^^^^^^ ingress rule 1 of NetworkPolicy `shop/web` allows namespaces with `team: opps`, which no namespace of the repository has
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop, labels: {app: web}}
    /// spec:
    ///   containers: [{name: web, image: registry.example.com/web:1.4.0}]
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: ops, labels: {team: ops}}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   podSelector: {matchLabels: {app: web}}
    ///   policyTypes: [Ingress]
    ///   ingress:
    ///   - from:
    ///     - podSelector: {matchLabels: {app: web}}
    ///     - namespaceSelector: {matchLabels: {team: ops}}
    ///     - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress}}
    ///       podSelector: {matchLabels: {app: controller}}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop, labels: {app: web}}
    /// spec:
    ///   containers: [{name: web, image: registry.example.com/web:1.4.0}]
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: ops, labels: {team: ops}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "network-policy-peer-dangling",
        summary: "network policy allows peers that do not exist",
        remedy: "Make the selector match the labels of the peers, or remove the peer.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &[
            "kube-linter:dangling-networkpolicypeer-podselector",
            "popeye:1201",
            "popeye:1202",
            "popeye:1208",
        ],
        controls: &[control::NETWORK_POLICIES],
        references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    }
}

/// Namespaces that selectors are held against, all in all.
const COMPARISONS: usize = 2_000_000;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut known = None;
    for policy in snapshot.of_kind("NetworkPolicy").filter(|found| is_network_policy(found.view)) {
        let view = policy.view;
        for peer in peers(view) {
            let (workloads, namespaces) =
                known.get_or_insert_with(|| (Workloads::of(snapshot), Namespaces::of(snapshot)));
            let (what, noun, selector) = match (peer.namespaces(), peer.pods()) {
                (Some(node), _) => {
                    let selector = Selector::label_selector(node);
                    if namespaces.may_match(&selector) {
                        continue;
                    }
                    ("namespaces", "namespace", selector)
                }
                (None, Some(node)) => {
                    let selector = Selector::label_selector(node);
                    if selector.is_empty() || !workloads.any_in(view.namespace()) {
                        continue;
                    }
                    let Some(found) = workloads.selected(view.namespace(), &selector) else {
                        return;
                    };
                    if !found.is_empty() {
                        continue;
                    }
                    ("pods", "pod", selector)
                }
                (None, None) => continue,
            };
            let shown = pairs(selector.equalities());
            let message = if shown.is_empty() {
                format!(
                    "{} allows {what} by a selector that no {noun} of the repository meets",
                    peer.rule_of(view)
                )
            } else {
                format!(
                    "{} allows {what} with {shown}, which no {noun} of the repository has",
                    peer.rule_of(view)
                )
            };
            let finding = out.report(policy.source(), place(&peer, selector.node()), message);
            finding.object(policy.path()).field(peer.path()).evidence(shown);
            if what == "pods"
                && let Some(closest) = workloads.meant(view.namespace(), "", &selector)
            {
                let object = closest.object;
                let message = format!("the labels of {} are the closest", object.view.display());
                finding.related(object.source(), object.view.name_span(), message);
            }
        }
    }
}

fn place(peer: &Peer<'_>, selector: Node<'_>) -> careen_text::Span {
    let labels = field(selector, "matchLabels");
    let labels = labels.filter(|labels| labels.entries().next().is_some());
    short_span(labels.or_else(|| field(selector, "matchExpressions")).unwrap_or(peer.node))
}

/// The namespaces of the repository and the labels they have.
struct Namespaces<'a> {
    list: Vec<Labels<'a>>,
    keys: HashSet<&'a str>,
    answers: BTreeMap<String, bool>,
    left: usize,
}

impl<'a> Namespaces<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        let objects = snapshot.of_kind("Namespace").filter(|found| found.view.group().is_empty());
        let list: Vec<Labels<'a>> = objects.map(|object| object.view.labels()).collect();
        let keys = list.iter().flat_map(|labels| labels.iter()).map(|label| label.key).collect();
        Self { list, keys, answers: BTreeMap::new(), left: COMPARISONS }
    }

    /// Whether some namespace may be selected: one of the repository, or one that is not in it. A
    /// label that namespaces of the repository carry with other values only is taken for misspelt.
    fn may_match(&mut self, selector: &Selector<'_>) -> bool {
        let mut asked = selector.equalities().peekable();
        if asked.peek().is_none() || !asked.all(|(key, _)| self.keys.contains(key)) {
            return true;
        }
        if selector.equalities().any(|(key, _)| key == "kubernetes.io/metadata.name")
            || field(selector.node(), "matchExpressions").is_some()
        {
            return true;
        }
        let shown = pairs(selector.equalities().take(RELATED));
        if let Some(answer) = self.answers.get(&shown) {
            return *answer;
        }
        if self.list.len() > self.left {
            return true;
        }
        self.left -= self.list.len();
        let answer = self.list.iter().any(|labels| selector.matches(*labels));
        self.answers.insert(shown, answer);
        answer
    }
}
