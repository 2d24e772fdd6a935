use careen_kube_model::{PodTemplate, Quantity, Role, path};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::place::cut;
use crate::relations::is_complete;

rule! {
    /// `spec.resources` sets what the containers of a pod have together. The API server refuses a
    /// pod that requests less than its containers do, and one whose limit is below that of a single
    /// container. There is no case in which this is right.
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
    ///       resources:
    ///         requests: {memory: 256Mi}
    /// #                          ^^^^^ Deployment `shop/api` requests `256Mi` of `memory` for all its containers, and they request more
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         resources:
    ///           requests: {memory: 512Mi}
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
    ///       resources:
    ///         requests: {memory: 1Gi}
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         resources:
    ///           requests: {memory: 512Mi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "pod-resources-below-containers",
        summary: "pod as a whole may have less than its containers ask for",
        remedy: "Raise the resources of the pod, or lower those of its containers.",
        severity: High,
        check: Check::Pod(check),
        controls: &[control::RESOURCE_LIMITS, control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(own) = pod.field("resources").filter(|_| is_complete(pod)) else { return };
    for resource in ["cpu", "memory"] {
        if let Some((amount, node)) = amount(path(own, &["requests", resource])) {
            let running = pod
                .containers()
                .filter(|container| matches!(container.role, Role::Main | Role::Sidecar));
            let asked = running.filter_map(|one| self::amount(one.effective_request(resource)));
            let total = asked.fold(0_i128, |sum, (asked, _)| sum.saturating_add(asked.nanos()));
            if amount.nanos() < total {
                let message = format!(
                    "{} requests `{}` of `{resource}` for all its containers, and they request \
                     more",
                    pod.object.display(),
                    cut(node.text().unwrap_or_default())
                );
                out.report(node.span(), message)
                    .field(format!("spec.resources.requests.{resource}"));
            }
        }
        if let Some((amount, node)) = amount(path(own, &["limits", resource])) {
            let mut limits = pod.containers().filter_map(|one| self::amount(one.limit(resource)));
            if limits.any(|(limit, _)| limit > amount) {
                let message = format!(
                    "{} may use `{}` of `{resource}`, and one of its containers may use more",
                    pod.object.display(),
                    cut(node.text().unwrap_or_default())
                );
                out.report(node.span(), message).field(format!("spec.resources.limits.{resource}"));
            }
        }
    }
}

fn amount(node: Option<Node<'_>>) -> Option<(Quantity, Node<'_>)> {
    let node = node?;
    Some((Quantity::of(node).ok()?, node))
}
