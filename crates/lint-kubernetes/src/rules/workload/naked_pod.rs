use careen_kube_model::{PodTemplate, Workload, path};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::is_complete;

rule! {
    /// A bare Pod is bound to its node. When the node goes, the Pod is gone, and nothing makes
    /// another one; nor can it be rolled out or scaled.
    ///
    /// It is fine for static pods of a node, for tests, hooks and one-off debugging. Pods that
    /// end by themselves (`restartPolicy` other than `Always`), Helm hooks and mirror pods are
    /// left out.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// #     ^^^ Pod `ops/agent` has no controller that would replace it
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
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
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "naked-pod",
        summary: "Pod has no controller",
        remedy: "Write a Deployment, a StatefulSet or a Job instead.",
        severity: Low,
        check: Check::Pod(check),
        peers: &["kubescape:C-0073", "popeye:208"],
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/configuration/overview/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let annotations = pod.annotations();
    let is_owned = annotations.has("helm.sh/hook")
        || annotations.has("kubernetes.io/config.mirror")
        || path(pod.object.root(), &["metadata", "ownerReferences"]).is_some();
    if pod.workload == Workload::Pod && pod.is_long_running() && !is_owned && is_complete(pod) {
        let message = format!("{} has no controller that would replace it", pod.object.display());
        out.report(pod.object.kind_span(), message);
    }
}
