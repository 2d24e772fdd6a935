use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::progressive::guides;

rule! {
    /// A canary that nothing measures only delays the release: after each pause it goes on whatever
    /// users see. An analysis of Argo or the metrics of Flagger compare error rates and latencies
    /// with bounds, and send the users back when they are broken.
    ///
    /// Must be asked for: a pause without end, in which somebody looks and decides, is fine too.
    ///
    /// ```yaml bad
    /// apiVersion: argoproj.io/v1alpha1
    /// kind: Rollout
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   strategy:
    ///     canary:
    /// #   ^^^^^^ Rollout `shop/web` goes on whatever happens: no analysis measures the new version
    ///       steps:
    ///       - setWeight: 5
    ///       - pause: {duration: 10m}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: flagger.app/v1beta1
    /// kind: Canary
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    ///   service: {port: 80}
    ///   analysis:
    ///     interval: 5m
    ///     threshold: 2
    ///     stepWeights: [5, 50, 100]
    ///     metrics:
    ///     - name: request-success-rate
    ///       interval: 1m
    ///       thresholdRange: {min: 99.9}
    /// ```
    pub(crate) static RULE: Check = {
        id: "canary-analysis-missing",
        summary: "canary goes on without measuring the new version",
        remedy: "Add an analysis to the Rollout, or metrics to the Canary.",
        severity: Low,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::CANARY_STRATEGY],
        references: &[
            "https://argo-rollouts.readthedocs.io/en/stable/features/analysis/",
            "https://docs.flagger.app/usage/metrics",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for guide in guides(snapshot).filter(|guide| !guide.is_measured()) {
        let name = guide.object.view.display();
        let message =
            format!("{name} goes on whatever happens: no analysis measures the new version");
        out.report(guide.object.source(), guide.place(), message).object(guide.object.path());
    }
}
