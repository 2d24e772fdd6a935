use careen_kube_model::{PodTemplate, Workload, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::{short_span, text};

/// Tolerations of one pod that are looked at; there are a handful.
const TOLERATIONS: usize = 100;

rule! {
    /// When a node is not ready or cannot be reached, it gets a taint that evicts its pods after
    /// five minutes, and they start elsewhere. Pods that tolerate this taint for ever stay where
    /// they are, on a node that is gone. So do pods that tolerate everything, with `operator:
    /// Exists` and no key, which is meant for a special pool of nodes more often than not.
    ///
    /// It is right for agents of the node, which are DaemonSets and left out, and for members of a
    /// database that must not start twice.
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
    ///       tolerations:
    ///       - operator: Exists
    /// #       ^^^^^^^^^^^^^^^^ Deployment `shop/api` tolerates every taint, so that its pods stay on a node that is gone
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
    ///       tolerations:
    ///       - {key: pool, value: batch, effect: NoSchedule}
    ///       - key: node.kubernetes.io/unreachable
    ///         operator: Exists
    ///         effect: NoExecute
    ///         tolerationSeconds: 30
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "dead-node-tolerated",
        summary: "pods stay on a node that is gone",
        remedy: "Name the taints that are meant, or set `tolerationSeconds`.",
        severity: Medium,
        check: Check::Pod(check),
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions"],
        fragments: true,
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    if pod.workload == Workload::DaemonSet
        || !pod.workload.is_controller()
        || !pod.is_long_running()
    {
        return;
    }
    let Some(list) = pod.field("tolerations") else { return };
    for toleration in list.items().take(TOLERATIONS) {
        let effect = text(toleration, "effect").unwrap_or_default();
        let key = text(toleration, "key").unwrap_or_default();
        if field(toleration, "tolerationSeconds").is_some() || !matches!(effect, "" | "NoExecute") {
            continue;
        }
        let what = match key {
            "" if text(toleration, "operator") == Some("Exists") => "every taint".to_owned(),
            "node.kubernetes.io/unreachable" | "node.kubernetes.io/not-ready" => {
                format!("`{key}` for ever")
            }
            _ => continue,
        };
        let message = format!(
            "{} tolerates {what}, so that its pods stay on a node that is gone",
            pod.object.display()
        );
        out.report(short_span(toleration), message).field("spec.tolerations");
    }
}
