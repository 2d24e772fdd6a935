use careen_kube_model::{PodTemplate, path};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::relations::is_complete;

rule! {
    /// Replicas on one node go down with that node. The scheduler spreads pods a little by itself,
    /// but nothing keeps it from putting all of them on the emptiest node. A topology spread
    /// constraint or a pod anti-affinity says what is wanted.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 3
    ///   selector:
    ///     matchLabels: {app: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    /// #   ^^^^ the 3 replicas of Deployment `web` may all run on one node
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 3
    ///   selector:
    ///     matchLabels: {app: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       topologySpreadConstraints:
    ///       - maxSkew: 1
    ///         topologyKey: kubernetes.io/hostname
    ///         whenUnsatisfiable: ScheduleAnyway
    ///         labelSelector:
    ///           matchLabels: {app: web}
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "pod-anti-affinity-missing",
        summary: "nothing spreads the replicas over nodes",
        remedy: "Add a topology spread constraint over `kubernetes.io/hostname` or a pod anti-affinity.",
        severity: Low,
        check: Check::Pod(check),
        confidence: Confidence::High,
        aliases: &["topology-spread-missing"],
        peers: &[
            "kube-linter:no-anti-affinity",
            "kube-score:deployment-has-host-podantiaffinity",
            "kube-score:statefulset-has-host-podantiaffinity",
            "polaris:topologySpreadConstraint",
            "kics:deployment_has_no_pod_anti_affinity",
            "kics:statefulset_has_no_pod_anti_affinity",
        ],
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let replicas = pod.replicas().and_then(|node| node.as_i64());
    let Some(replicas) = replicas.filter(|replicas| *replicas >= 2) else { return };
    let has_items = |list: careen_yaml::Node<'_>| list.items().next().is_some();
    let has_entries = |node: careen_yaml::Node<'_>| node.entries().next().is_some();
    let is_spread = pod.field("topologySpreadConstraints").is_some_and(has_items)
        || path(pod.spec, &["affinity", "podAntiAffinity"]).is_some_and(has_entries);
    if !is_spread && is_complete(pod) {
        let message =
            format!("the {replicas} replicas of {} may all run on one node", pod.object.display());
        out.report(pod.spec_span(), message).field(pod.spec_path());
    }
}
