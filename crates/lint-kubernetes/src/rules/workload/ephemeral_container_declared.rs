use careen_kube_model::{PodTemplate, Workload};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// Ephemeral containers are added to a pod that runs, to debug it. The API server refuses a
    /// template with them. There is no case in which this is right.
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
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///       ephemeralContainers:
    /// #     ^^^^^^^^^^^^^^^^^^^ Deployment `shop/api` has ephemeral containers in its template
    ///       - name: debug
    ///         image: registry.example.com/debug:1.4.0
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
        id: "ephemeral-container-declared",
        summary: "template has ephemeral containers",
        remedy: "Remove `ephemeralContainers`; `kubectl debug` adds them to a running pod.",
        severity: High,
        check: Check::Pod(check),
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/"],
        fragments: true,
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(entry) = pod.spec.entry("ephemeralContainers") else { return };
    // A Pod with them was read out of a cluster.
    if pod.workload != Workload::Pod && entry.value.items().next().is_some() {
        let message = format!("{} has ephemeral containers in its template", pod.object.display());
        out.report(entry.key.span(), message).field("spec.ephemeralContainers");
    }
}
