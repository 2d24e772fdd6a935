use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::placeholder::is_placeholder;

rule! {
    /// All pods of such a workload run on one node and nowhere else: when that node is drained,
    /// fails or is replaced, they wait for a node of its name. `nodeName` even goes past the
    /// scheduler, so that a full node refuses the pod instead of another one taking it.
    ///
    /// It is right for software that needs a disk or device of that node, by a node selector.
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
    ///       nodeName: node-7
    /// #               ^^^^^^ Deployment `shop/api` runs on node `node-7` only
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
    ///       nodeSelector: {pool: general}
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "pod-pinned-to-node",
        summary: "workload is bound to one node",
        remedy: "Select nodes by a label that several have, and remove `nodeName`.",
        severity: Medium,
        check: Check::Pod(check),
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename"],
        fragments: true,
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    // A Pod, and only that, has the name of its node when it was read out of a cluster.
    if !pod.workload.is_controller() || !pod.is_long_running() {
        return;
    }
    let by_name = pod.field("nodeName");
    let selector = pod.field("nodeSelector");
    let by_label = selector.and_then(|selector| field(selector, "kubernetes.io/hostname"));
    let Some(node) = by_name.or(by_label) else { return };
    let Some(name) = node.text().filter(|name| !name.is_empty() && !is_placeholder(name)) else {
        return;
    };
    let message = format!("{} runs on node `{}` only", pod.object.display(), cut(name));
    let finding = out.report(node.span(), message);
    if by_name.is_none() {
        finding.severity(Severity::Low);
    }
}
