use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::placeholder::is_placeholder;
use crate::relations::{is_complete, short_span};

/// Constraints of one pod that are looked at; there are a handful.
const CONSTRAINTS: usize = 50;

rule! {
    /// A constraint needs a `topologyKey`, a `maxSkew` of at least 1 and a `whenUnsatisfiable` of
    /// `DoNotSchedule` or `ScheduleAnyway`; `minDomains` goes with the former alone. The API server
    /// refuses the workload otherwise. There is no case in which this is right.
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
    ///         maxSkew: 0
    /// #                ^ Deployment `shop/api` has a topology spread constraint with a `maxSkew` below 1
    ///         whenUnsatisfiable: ScheduleAnyway
    ///         labelSelector:
    ///           matchLabels: {app: api}
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
        id: "topology-spread-invalid",
        summary: "topology spread constraint is one that the API server refuses",
        remedy: "Correct the constraint.",
        severity: High,
        check: Check::Pod(check),
        peers: &["kube-score:pod-topology-spread-constraints"],
        controls: &[control::MANIFESTS_VALID, control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#spread-constraint-definition"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(list) = pod.field("topologySpreadConstraints") else { return };
    // The list of a patch is merged with another by `topologyKey`.
    if !is_complete(pod) {
        return;
    }
    for constraint in list.items().take(CONSTRAINTS) {
        if constraint.kind() != careen_yaml::Kind::Mapping {
            continue;
        }
        let Some((place, what)) = problem(constraint) else { continue };
        let span = place.map_or_else(|| short_span(constraint), |node| node.span());
        let name = pod.object.display();
        let message = format!("{name} has a topology spread constraint {what}");
        out.report(span, message).field("spec.topologySpreadConstraints");
    }
}

fn problem(constraint: Node<'_>) -> Option<(Option<Node<'_>>, &'static str)> {
    let given = |key| field(constraint, key);
    let below_one = |node: &Node<'_>| node.as_i64().is_some_and(|number| number < 1);
    if given("topologyKey").is_none_or(|node| node.text() == Some("")) {
        return Some((None, "without a `topologyKey`"));
    }
    let Some(skew) = given("maxSkew") else { return Some((None, "without a `maxSkew`")) };
    if below_one(&skew) {
        return Some((Some(skew), "with a `maxSkew` below 1"));
    }
    let Some(when) = given("whenUnsatisfiable") else {
        return Some((None, "without `whenUnsatisfiable`"));
    };
    let action = when.text().unwrap_or_default();
    if !matches!(action, "DoNotSchedule" | "ScheduleAnyway") && !is_placeholder(action) {
        let what = "whose `whenUnsatisfiable` is neither `DoNotSchedule` nor `ScheduleAnyway`";
        return Some((Some(when), what));
    }
    if let Some(domains) = given("minDomains") {
        if below_one(&domains) {
            return Some((Some(domains), "with `minDomains` below 1"));
        }
        if action == "ScheduleAnyway" {
            return Some((Some(domains), "with `minDomains` and `ScheduleAnyway`"));
        }
    }
    None
}
