use careen_kube_model::{PodTemplate, Workload, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::{Check, rollout};

rule! {
    /// An update that may neither add a pod nor take one away can never begin, so the API server
    /// refuses `maxSurge` and `maxUnavailable` of zero together. A DaemonSet may have only one of
    /// them above zero, where `maxUnavailable` is 1 unless written otherwise, and other strategies
    /// may not have settings for a rolling update. There is no case in which this is right.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replicas: 3
    ///   strategy:
    ///     rollingUpdate:
    ///       maxSurge: 0
    ///       maxUnavailable: 0
    /// #                     ^ Deployment `shop/api` may neither add a pod nor take one away in an update
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
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replicas: 3
    ///   strategy:
    ///     rollingUpdate:
    ///       maxSurge: 1
    ///       maxUnavailable: 0
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
        id: "rolling-update-invalid",
        summary: "update strategy is one that the API server refuses",
        remedy: "Let either `maxSurge` or `maxUnavailable` be above zero, and keep `rollingUpdate` to rolling updates.",
        severity: High,
        check: Check::Pod(check),
        aliases: &["rolling-update-stuck"],
        controls: &[control::MANIFESTS_VALID, control::CANARY_STRATEGY],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(strategy) = rollout::strategy_of(pod) else { return };
    if let Some((kind @ ("Recreate" | "OnDelete"), node)) = rollout::type_of(strategy) {
        if pod.workload != Workload::DeploymentConfig && field(strategy, "rollingUpdate").is_some()
        {
            let name = pod.object.display();
            let message = format!("{name} has settings of a rolling update and the type `{kind}`");
            out.report(node.span(), message);
        }
        return;
    }
    let rolling = rollout::Rolling::of(Some(strategy));
    let is_zero = |amount: Option<rollout::Amount<'_>>| amount.map(rollout::Amount::is_zero);
    let (surge, unavailable) = (is_zero(rolling.surge), is_zero(rolling.unavailable));
    let (place, what) = match (pod.workload, surge, unavailable) {
        (Workload::Deployment, Some(true), Some(true))
        | (Workload::DaemonSet, Some(true) | None, Some(true)) => {
            (rolling.unavailable, "may neither add a pod nor take one away in an update")
        }
        (Workload::DaemonSet, Some(false), Some(false) | None) => {
            (rolling.surge, "may both add a pod and take one away in an update")
        }
        _ => return,
    };
    if let Some(place) = place {
        out.report(place.node.span(), format!("{} {what}", pod.object.display()));
    }
}
