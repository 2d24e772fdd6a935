use std::collections::HashSet;

use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, OptionKind, RuleOption, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;

rule! {
    /// An autoscaler goes down to `minReplicas` in quiet hours, which is 1 where nothing is
    /// written. The workload is then down whenever that pod is: when its node is drained, when it
    /// is evicted, when it crashes. And the first wave of the morning meets a single pod.
    ///
    /// It is fine for what nobody waits for. How many are enough is yours to say with `minimum`.
    ///
    /// ```yaml bad
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
    ///   minReplicas: 1
    /// #              ^ HorizontalPodAutoscaler `shop/api` may scale down to 1 pod, fewer than 2
    ///   maxReplicas: 6
    /// ```
    /// ```yaml good
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
    ///   minReplicas: 2
    ///   maxReplicas: 6
    /// ```
    pub(crate) static RULE: Check = {
        id: "hpa-min-replicas-low",
        summary: "autoscaler may leave a single pod",
        remedy: "Set `minReplicas` to 2 or more.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        peers: &["kube-linter:hpa-minimum-three-replicas", "kube-score:horizontalpodautoscaler-replicas", "polaris:hpaMinAvailability"],
        controls: &[control::AUTOSCALING, control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"],
        options: &[RuleOption { name: "minimum", kind: OptionKind::Number, summary: "The fewest replicas that are fine; 2 without it." }],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let enough = context.options.number(RULE.meta.id, "minimum").unwrap_or(2);
    let all = || {
        let all = snapshot.of_kind("HorizontalPodAutoscaler");
        all.filter(|object| object.view.group() == "autoscaling")
    };
    // What an overlay raises is fine in its base.
    let mut raised: Option<HashSet<&str>> = None;
    for scaler in all() {
        let view = scaler.view;
        let is_whole = view.at(&["spec", "maxReplicas"]).is_some()
            && view.at(&["spec", "scaleTargetRef"]).is_some();
        let (count, node) = match least(scaler) {
            Some((Some(count), node)) => (count, Some(node)),
            Some((None, _)) => continue,
            None => (1, None),
        };
        if !is_whole || count >= enough {
            continue;
        }
        let raised = raised.get_or_insert_with(|| {
            let enough = |object: &ObjectRef<'_>| {
                least(*object).and_then(|(count, _)| count).is_some_and(|count| count >= enough)
            };
            all().filter(enough).map(|object| object.view.name()).collect()
        });
        if raised.contains(view.name()) {
            continue;
        }
        let span = node.map_or_else(|| view.name_span(), |node| node.span());
        let pods = if count == 1 { "pod" } else { "pods" };
        let message =
            format!("{} may scale down to {count} {pods}, fewer than {enough}", view.display());
        out.report(scaler.source(), span, message).object(scaler.path()).field("spec.minReplicas");
    }
}

fn least(object: ObjectRef<'_>) -> Option<(Option<i64>, Node<'_>)> {
    object.view.at(&["spec", "minReplicas"]).map(|node| (node.as_i64(), node))
}
