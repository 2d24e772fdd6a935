use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// With `Never` the kubelet does not start a container again that has failed. A Job then makes
    /// another pod, up to its `backoffLimit`, which is often what one wants, so that logs of the
    /// failed attempt are kept; a bare Pod just stays failed. The rule is off unless it is asked
    /// for.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   restartPolicy: Never
    /// #                ^^^^^ Pod `shop/api` is not restarted when it fails
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   restartPolicy: OnFailure
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "restart-policy-not-resilient",
        summary: "pod is not restarted when it fails",
        remedy: "Use `OnFailure`, or a controller that replaces the pod.",
        severity: Info,
        check: Check::Pod(check),
        peers: &["kube-linter:restart-policy"],
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy"],
        default: false,
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let node = pod.field("restartPolicy").filter(|node| node.text() == Some("Never"));
    if let Some(node) = node {
        let message = format!("{} is not restarted when it fails", pod.object.display());
        out.report(node.span(), message).field("spec.restartPolicy");
    }
}
