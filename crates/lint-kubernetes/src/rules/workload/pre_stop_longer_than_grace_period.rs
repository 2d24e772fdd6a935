use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::usage::is_whole;
use crate::{Check, pre_stop};

rule! {
    /// The grace period begins when the `preStop` hook does. A hook that sleeps all through it
    /// leaves the program no time to end: it is killed in the middle of its requests, which is what
    /// the hook was to prevent. The period is 30 seconds where nothing is written. The API server
    /// even refuses a `sleep` handler that is longer.
    ///
    /// Only what sleeps for sure is counted: `sleep` handlers, and `sleep` commands that stand by
    /// themselves.
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
    ///         lifecycle:
    ///           preStop:
    ///             sleep: {seconds: 45}
    /// #                            ^^ container `web` in Deployment `shop/api` sleeps 45 s before it stops, and is killed after 30 s
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
    ///       terminationGracePeriodSeconds: 75
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         lifecycle:
    ///           preStop:
    ///             exec: {command: [sh, -c, sleep 45]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "pre-stop-longer-than-grace-period",
        summary: "stop hook takes longer than the pod may",
        remedy: "Raise `terminationGracePeriodSeconds` well above the hook's sleep, or sleep less.",
        severity: Medium,
        check: Check::Container(check),
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some((seconds, node)) = container.pre_stop().and_then(pre_stop::seconds) else { return };
    let period = container.pod.termination_grace_period();
    // A period of zero has a rule of its own, and a patch does not know the period.
    if seconds < period || period < 1 || !is_whole(container) {
        return;
    }
    let message = format!(
        "{} sleeps {seconds} s before it stops, and is killed after {period} s",
        container.display()
    );
    out.report(node.span(), message).field("lifecycle.preStop");
}
