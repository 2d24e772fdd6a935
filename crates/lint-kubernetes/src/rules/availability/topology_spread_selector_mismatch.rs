use careen_kube_model::{PodTemplate, Selector, field};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;
use crate::relations::{is_complete, short_span};

/// Constraints of one pod that are looked at; there are a handful.
const CONSTRAINTS: usize = 50;

rule! {
    /// A constraint counts the pods that its selector matches. Where these are not the pods of the
    /// workload itself, every node seems as empty as the next, and all replicas may run on one.
    /// Usually a label was renamed in the template and not here. A constraint without a selector
    /// counts no pod at all.
    ///
    /// It is right in the rare case that pods are to be spread along with those of another
    /// workload.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       topologySpreadConstraints:
    ///       - topologyKey: kubernetes.io/hostname
    ///         maxSkew: 1
    ///         whenUnsatisfiable: ScheduleAnyway
    ///         labelSelector:
    ///           matchLabels: {app: backend}
    /// #                      ^^^^^^^^^^^^^^ Deployment `shop/api` is spread by labels that its own pods do not have
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       topologySpreadConstraints:
    ///       - topologyKey: kubernetes.io/hostname
    ///         maxSkew: 1
    ///         whenUnsatisfiable: ScheduleAnyway
    ///         labelSelector:
    ///           matchLabels: {app: api}
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "topology-spread-selector-mismatch",
        summary: "topology spread constraint does not count the pods it is for",
        remedy: "Let the selector match the labels of the pod template.",
        severity: Medium,
        check: Check::Pod(check),
        confidence: Confidence::High,
        peers: &["kube-score:pod-topology-spread-constraints"],
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(list) = pod.field("topologySpreadConstraints") else { return };
    if !is_complete(pod) {
        return;
    }
    for constraint in list.items().take(CONSTRAINTS) {
        if constraint.kind() != careen_yaml::Kind::Mapping {
            continue;
        }
        let Some(node) = field(constraint, "labelSelector") else {
            let name = pod.object.display();
            let message = format!("{name} is spread by a constraint without a `labelSelector`");
            out.report(short_span(constraint), message).field("spec.topologySpreadConstraints");
            continue;
        };
        let selector = Selector::label_selector(node);
        let mut wanted = selector.equalities();
        // Tools that prefix names or add labels do so in both places.
        let is_open = wanted.any(|(key, value)| is_placeholder(key) || is_placeholder(value));
        if is_open || selector.matches(pod.labels()) {
            continue;
        }
        let place = field(node, "matchLabels").unwrap_or(node);
        let message =
            format!("{} is spread by labels that its own pods do not have", pod.object.display());
        out.report(short_span(place), message).field("spec.topologySpreadConstraints");
    }
}
